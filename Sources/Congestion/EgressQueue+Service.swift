// SPDX-License-Identifier: BSD-3-Clause

/// What the link does.
extension EgressQueue {
  /// When something is next to be done if no packet comes; `.max` for never.
  public var nextEvent: UInt64 {
    if sent.first != Self.noPlace { return packets[Int(sent.first)].departure }
    if sending != Self.noPlace { return clock.ceiling }
    return waiting == 0 ? .max : endOfPauses
  }

  /// Does what is due at `now` or before. Time that goes backwards is taken for the latest so far.
  public mutating func run(until now: UInt64) {
    time = max(time, now)
    while true {
      if sending != Self.noPlace {
        guard clock.ceiling <= time else { return }
        sent.append(sending, packets)
        begin()
      } else {
        guard waiting != 0, endOfPauses <= time else { return }
        clock.wait(until: endOfPauses)
        begin()
      }
    }
  }

  /// When the first of the lines that wait may send.
  private var endOfPauses: UInt64 {
    var end = UInt64.max
    var rest = waiting
    while rest != 0 {
      end = min(end, endOfPause(rest.trailingZeroBitCount))
      rest &= rest &- 1
    }
    return end
  }

  /// A packet that must wait keeps all behind it in its line waiting.
  private func endOfPause(_ line: Int) -> UInt64 {
    pausedUntil[Int(packets[Int(lines[line].first)].priority)]
  }

  /// Begins to send the next packet at the time of the clock, if one may be sent.
  mutating func begin() {
    sending = Self.noPlace
    let ready = readyLines
    guard ready != 0 else { return }
    let strict = ready & strictLines
    let line = strict == 0 ? nextInTurn(ready) : 63 &- strict.leadingZeroBitCount
    guard let place = lines[line].removeFirst(packets) else { return }
    if lines[line].first == Self.noPlace {
      waiting &= ~(1 &<< UInt64(line))
      lines[line].deficit = 0
    }
    send(place)
  }

  private mutating func send(_ place: UInt32) {
    let packet = packets + Int(place)
    let counters = counters + Int(packet.pointee.priority)
    depth &-= UInt64(packet.pointee.bytes)
    counters.pointee.depth &-= UInt64(packet.pointee.bytes)
    packet.pointee.start = clock.nanoseconds
    packet.pointee.depthLeft = depth(before: packet.pointee.priority)
    counters.pointee.begun &+= 1
    counters.pointee.lastBegin = clock.nanoseconds
    counters.pointee.sojournSum &+= packet.pointee.sojourn
    counters.pointee.sojournMost = max(counters.pointee.sojournMost, packet.pointee.sojourn)
    clock.send(packet.pointee.bytes)
    packet.pointee.departure = clock.ceiling
    sending = place
  }

  /// Throws out what waits of a priority at `now`, as in a storm of pauses.
  public mutating func throwOut(_ priority: UInt8, at now: UInt64) {
    run(until: now)
    let line = discipline == .firstInFirstOut ? 0 : Int(priority & 7)
    var kept = lines[line]
    while kept.removeFirst(packets) != nil {}
    while let place = lines[line].removeFirst(packets) {
      let packet = packets + Int(place)
      guard packet.pointee.priority == priority else {
        kept.append(place, packets)
        continue
      }
      depth &-= UInt64(packet.pointee.bytes)
      counters[Int(priority)].depth &-= UInt64(packet.pointee.bytes)
      packet.pointee.isThrownOut = true
      packet.pointee.departure = time
      sent.append(place, packets)
    }
    if kept.first == Self.noPlace {
      waiting &= ~(1 &<< UInt64(line))
      kept.deficit = 0
    }
    lines[line] = kept
    guard sending == Self.noPlace, waiting != 0 else { return }
    // What waited behind it in one line could not begin before.
    clock.wait(until: time)
    begin()
  }

  /// The lines whose first packet may be sent at the time of the clock.
  private var readyLines: UInt64 {
    var ready: UInt64 = 0
    var rest = waiting
    while rest != 0 {
      let line = rest.trailingZeroBitCount
      if endOfPause(line) <= clock.nanoseconds { ready |= 1 &<< UInt64(line) }
      rest &= rest &- 1
    }
    return ready
  }

  /// The line that may send its first packet for what it has left of its quanta, which it pays.
  /// One that has become empty keeps nothing, and one that is paused what it had.
  private mutating func nextInTurn(_ ready: UInt64) -> Int {
    while true {
      if ready &>> UInt64(turn) & 1 == 1 {
        if !hasQuantum { lines[turn].deficit &+= lines[turn].quantum }
        hasQuantum = true
        let bytes = UInt64(packets[Int(lines[turn].first)].bytes)
        if lines[turn].deficit >= bytes {
          lines[turn].deficit &-= bytes
          return turn
        }
      }
      turn = (turn &+ 1) % Self.priorityCount
      hasQuantum = false
    }
  }
}
