// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Telemetry

/// What happens to packets: in a queue in which they wait.
extension QueueStage {
  mutating func hold(_ selection: Selection, of burst: inout Burst) {
    let first = burst.nanoseconds(selection.bits.trailingZeroBitCount)
    let last = burst.nanoseconds(63 &- selection.bits.leadingZeroBitCount)
    if pauses != nil { heedPauses(at: first) }
    for index in selection { hold(index, of: &burst) }
    // Kept until the queue's own time, packets would have pauses renewed from an earlier one on.
    requests.send(&burst, at: max(last, egress.time))
    if pauses != nil { tellWatchdog(at: last) }
  }

  @inline(__always)
  private mutating func hold(_ index: Int, of burst: inout Burst) {
    let bytes = measure.bytes(of: index, in: burst)
    let priority = burst.headers(index).pointee.priority & 7
    let now = burst.nanoseconds(index)
    if let pauses, pauses.pointee.drops(Int(priority)) { return burst.drop(index, storm) }
    if marks {
      marking.ceIn &+= ECNMarking.congestionExperienced(index, of: burst)
      if !marksAtDequeue, marksOnArrival(index, of: burst, bytes, priority, now) {
        return burst.drop(index, notECT)
      }
    }
    switch egress.offer(bytes: bytes, priority: priority, at: now) {
    case .taken(let place):
      foundDepths.pointee.tally(egress.depth &- UInt64(bytes))
      requests.note(burst.input, priority, Int(bytes))
      (held + place).initialize(to: burst.hold(index))
    case .full: burst.drop(index, full)
    case .unheld: burst.drop(index, unheld)
    }
  }

  /// A packet that has no room is dropped anyway, and not marked before.
  private mutating func marksOnArrival(
    _ index: Int, of burst: borrowing Burst, _ bytes: UInt32, _ priority: UInt8, _ now: UInt64
  ) -> Bool {
    egress.run(until: now)
    guard egress.hasRoom(for: bytes, priority) else { return false }
    var depth = egress.depth(before: priority)
    if marking.average > 0 {
      let average = averages + (hasQueues ? Int(priority) : 0)
      if depth == 0 { average.pointee.rest(idleBytes(priority, until: now)) }
      average.pointee.add(depth)
      depth = average.pointee.value
    }
    return marking.mark(index, of: burst, depth: depth)
  }

  /// What the link could have sent since the queue became empty.
  private func idleBytes(_ priority: UInt8, until now: UInt64) -> UInt64 {
    var lastBegin = egress.counters[Int(priority)].lastBegin
    if !hasQueues {
      for priority in 0..<EgressQueue.priorityCount {
        lastBegin = max(lastBegin, egress.counters[priority].lastBegin)
      }
    }
    guard now > lastBegin else { return 0 }
    var fraction: UInt32 = 0
    return reckoned.rate.tokens(in: now &- lastBegin, &fraction)
  }

  mutating func letGo(_ burst: inout Burst, until now: UInt64) {
    if pauses != nil { heedPauses(at: now) }
    egress.run(until: now)
    while let place = egress.firstSent {
      let packet = egress.packet(place)
      guard let index = burst.resume(held[place], at: packet.departure) else { break }
      egress.removeFirstSent()
      requests.note(held[place].input, packet.priority, -Int(packet.bytes))
      letGo(index, of: &burst, packet)
    }
    requests.send(&burst, at: max(now, egress.time))
    if pauses != nil { tellWatchdog(at: now) }
  }

  @inline(__always)
  private mutating func letGo(_ index: Int, of burst: inout Burst, _ packet: QueuedPacket) {
    if packet.isThrownOut { return burst.drop(index, storm) }
    guard marks, marksAtDequeue else { return }
    if marking.mark(index, of: burst, depth: packet.depthLeft, delay: packet.sojourn) {
      burst.drop(index, notECT)
    }
  }
}

/// And in one that is only reckoned.
extension QueueStage {
  mutating func reckon(_ selection: Selection, of burst: inout Burst) {
    for index in selection {
      let bytes = UInt64(measure.bytes(of: index, in: burst))
      let idle = reckoned.drain(until: burst.nanoseconds(index))
      if marks { marking.ceIn &+= ECNMarking.congestionExperienced(index, of: burst) }
      let counters = egress.counters + Int(burst.headers(index).pointee.priority & 7)
      guard reckoned.depth &+ bytes <= reckonedCapacity else {
        counters.pointee.full &+= 1
        burst.drop(index, full)
        continue
      }
      var depth = reckoned.depth
      foundDepths.pointee.tally(depth)
      if marking.average > 0 {
        averages[0].rest(idle)
        averages[0].add(depth)
        depth = averages[0].value
      }
      if depth > marking.lowest, marks, marking.mark(index, of: burst, depth: depth) {
        burst.drop(index, notECT)
        continue
      }
      counters.pointee.packets &+= 1
      counters.pointee.bytes &+= bytes
      reckoned.add(bytes)
    }
  }
}

extension QueueStage {
  public func figures() -> [StageFigure] {
    let backward = isReal ? egress.backwardSteps : reckoned.backwardSteps
    return (marks ? marking.figures : [])
      + [
        StageFigure("bytes now", isReal ? egress.depth : reckoned.depth),
        StageFigure("most bytes", isReal ? egress.highWater : reckoned.highWater),
      ]
      + (0..<EgressQueue.priorityCount).flatMap { figures(of: $0) } + requests.figures
      + (backward > 0 ? [StageFigure("times before the latest", backward)] : [])
  }

  private func figures(of priority: Int) -> [StageFigure] {
    let counters = egress.counters[priority]
    guard counters.packets + counters.full + counters.unheld > 0 else { return [] }
    let mean = counters.begun > 0 ? counters.sojournSum / counters.begun : 0
    var figures: [(String, UInt64)] = [("packets", counters.packets), ("bytes", counters.bytes)]
    if isReal {
      figures += [
        ("bytes now", counters.depth), ("most bytes", counters.highWater),
        ("mean wait in ns", mean), ("longest wait in ns", counters.sojournMost),
      ]
    }
    if counters.full > 0 { figures.append(("without room", counters.full)) }
    if counters.unheld > 0 { figures.append(("without buffer", counters.unheld)) }
    return figures.map { StageFigure("priority \(priority) \($0)", $1) }
  }
}
