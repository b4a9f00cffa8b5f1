// SPDX-License-Identifier: BSD-3-Clause

extension Burst {
  /// The packets of `selection` side by side: in place where they already are, else gathered.
  func batch(of selection: Selection, into room: borrowing Gathering) -> OutputBatch {
    guard selection.isDense else { return gather(selection, into: room) }
    return OutputBatch(
      packets: packets, nanoseconds: times, wireLengths: lengths, verdicts: verdicts,
      count: selection.count, ownCount: selection.count, link: link)
  }

  /// The same, with the packets that stages made for `port` behind them.
  func batch(
    of selection: Selection, andMadeFor port: PortIndex, into room: borrowing Gathering
  ) -> OutputBatch {
    guard madeCount > 0 else { return batch(of: selection, into: room) }
    let gathered = gather(selection, into: room)
    var count = gathered.count
    for index in 0..<madeCount where made[index].port == port {
      room.packets[count] = made[index].packet
      room.nanoseconds[count] = made[index].nanoseconds
      room.wireLengths[count] = made[index].wireLength
      room.verdicts[count] = Verdict(stage: made[index].stage, reason: .noVerdict)
      count &+= 1
    }
    return room.batch(of: count, own: gathered.count, link)
  }

  private func gather(_ selection: Selection, into room: borrowing Gathering) -> OutputBatch {
    var count = 0
    for index in selection {
      room.packets[count] = packets[index]
      room.nanoseconds[count] = times[index]
      room.wireLengths[count] = lengths[index]
      room.verdicts[count] = verdicts[index]
      count &+= 1
    }
    return room.batch(of: count, own: count, link)
  }

  /// The next port that has packets to send, with those of the burst; nil when all are served.
  mutating func nextPortToSend() -> (port: PortIndex, selection: Selection)? {
    guard portsToSend != 0 else { return nil }
    let place = portsToSend.trailingZeroBitCount
    portsToSend &= portsToSend &- 1
    let selection = sends[place]
    sends[place] = Selection()
    return (PortIndex(UInt8(truncatingIfNeeded: place)), selection)
  }

  /// Makes the next pipeline that packets jumped to the one that runs; nil when there is none.
  mutating func nextPipeline() -> PipelineIndex? {
    guard pipelinesToRun != 0 else { return nil }
    let place = pipelinesToRun.trailingZeroBitCount
    pipelinesToRun &= pipelinesToRun &- 1
    undecided = jumps[place]
    jumps[place] = Selection()
    return PipelineIndex(UInt8(truncatingIfNeeded: place))
  }

  /// Starts the burst in `pipeline`.
  mutating func enter(_ pipeline: PipelineIndex) {
    jumps[Int(pipeline.value)] = live
    pipelinesToRun = 1 &<< UInt64(pipeline.value)
  }
}
