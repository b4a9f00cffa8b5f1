// SPDX-License-Identifier: BSD-3-Clause
public import CDPDK
public import Wire

extension Burst {
  /// Ends these packets' way: they leave through `port` when the burst is done.
  @inlinable public mutating func send(_ selection: Selection, to port: PortIndex) {
    let selection = selection.intersection(undecided)
    let place = Int(port.value)
    sends[place] = sends[place].union(selection)
    portsToSend |= 1 &<< UInt64(port.value)
    undecided = undecided.subtracting(selection)
    if recordsSenders {
      for index in selection { verdicts[index] = Verdict(stage: stage, reason: .noVerdict) }
    }
  }

  /// Ends one packet's way and counts why.
  @inlinable public mutating func drop(_ index: Int, _ reason: DropReason) {
    drop(Selection(bits: 1 &<< UInt64(truncatingIfNeeded: index)), reason)
  }

  /// Ends these packets' way and counts why.
  @inlinable public mutating func drop(_ selection: Selection, _ reason: DropReason) {
    let selection = selection.intersection(undecided)
    let count = UInt64(truncatingIfNeeded: selection.count)
    reasonCounts[Int(reason.index)] &+= count
    droppedCount &+= count
    dropped = dropped.union(selection)
    undecided = undecided.subtracting(selection)
    for index in selection { verdicts[index] = Verdict(stage: stage, reason: reason) }
  }

  /// Sends these packets down another pipeline, from its start; they do not come back.
  @inlinable public mutating func jump(_ selection: Selection, to pipeline: PipelineIndex) {
    let selection = selection.intersection(undecided)
    let place = Int(pipeline.value)
    jumps[place] = jumps[place].union(selection)
    pipelinesToRun |= 1 &<< UInt64(pipeline.value)
    undecided = undecided.subtracting(selection)
  }

  /// Puts a packet that a stage made on its way out. The stage's `madePerBurst` bounds how many.
  ///
  /// - Returns: false when the burst has no room for it: the packet still belongs to the caller.
  @inlinable public mutating func emit(
    _ packet: Packet, to port: PortIndex, nanoseconds: UInt64, wireLength: UInt32
  ) -> Bool {
    guard madeCount < madeCapacity else { return false }
    made[madeCount] = MadePacket(
      packet: packet, nanoseconds: nanoseconds, wireLength: wireLength, stage: stage, port: port)
    madeCount &+= 1
    portsToSend |= 1 &<< UInt64(port.value)
    return true
  }
}

extension Burst: PacketSource {
  /// The packet in place `index` of the burst.
  @inlinable public func packet(_ index: Int) -> Packet { packets[index] }

  /// What `parse` found in the packet.
  @inlinable public func headers(_ index: Int) -> UnsafePointer<Headers> {
    UnsafePointer(records + index)
  }

  @inlinable public func mutableHeaders(_ index: Int) -> UnsafeMutablePointer<Headers> {
    records + index
  }

  /// The packet's bytes, of which the first segment's length can be read.
  @inlinable public func bytes(_ index: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(starts[index])
  }

  /// The same, to be written to.
  @inlinable public func mutableBytes(_ index: Int) -> UnsafeMutableRawPointer { starts[index] }

  /// Makes the packet longer by so many bytes in front, which say nothing yet. Its headers are to
  /// be found anew, and `noteLayers` to be told.
  ///
  /// - Returns: where it begins now; nil when its buffer has no room.
  @inlinable public mutating func prepend(
    _ count: Int, to index: Int
  ) -> UnsafeMutableRawPointer? {
    guard let start = cdpdk_prepend(packets[index], UInt16(truncatingIfNeeded: count)) else {
      return nil
    }
    starts[index] = start
    changeLength(index, by: Int32(truncatingIfNeeded: count))
    return start
  }

  /// Takes so many bytes off the packet's front.
  ///
  /// - Returns: false when its first segment has fewer.
  @inlinable public mutating func removeFirst(_ count: Int, of index: Int) -> Bool {
    guard cdpdk_adjust(packets[index], UInt16(truncatingIfNeeded: count)) else { return false }
    starts[index] = packets[index].bytes
    changeLength(index, by: 0 &- Int32(truncatingIfNeeded: count))
    return true
  }

  /// When the packet came, in nanoseconds.
  @inlinable public func nanoseconds(_ index: Int) -> UInt64 { times[index] }

  /// The packet's length on the wire: more than its bytes where a capture cut it.
  @inlinable public func wireLength(_ index: Int) -> UInt32 { lengths[index] }

  /// Corrects the length on the wire after a stage made the packet longer or shorter.
  @inlinable public mutating func changeLength(_ index: Int, by difference: Int32) {
    lengths[index] = UInt32(bitPattern: Int32(bitPattern: lengths[index]) &+ difference)
    lengthsChanged = true
  }

  /// Bytes of one segment, from `offset` on.
  @inlinable public func piece(_ index: Int, from offset: Int) -> PacketPiece? {
    var segment: Packet? = packets[index]
    var offset = offset
    while let packet = segment {
      let count = Int(packet.pointee.data_length)
      if offset < count {
        return PacketPiece(start: packet.bytes + offset, count: count &- offset)
      }
      offset &-= count
      segment = packet.pointee.next
    }
    return nil
  }

  /// How many bytes of the packet there are, over all its segments.
  @inlinable public func capturedLength(_ index: Int) -> UInt32 {
    packets[index].pointee.packet_length
  }
}
