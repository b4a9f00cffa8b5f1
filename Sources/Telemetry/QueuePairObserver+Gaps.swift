// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Requests that are missing, late, or there again.
extension QueuePairObserver {
  /// Gaps of one queue pair that are remembered; of more, the oldest is forgotten.
  private static var mostGaps: UInt32 { 64 }

  /// The packet is so many sequence numbers ahead of the one expected.
  mutating func openGap(_ packet: Packet, _ record: Record, _ count: UInt32) {
    let number = number(of: record)
    packet.pointee.outcome = .behindGap(of: count)
    add(1, to: .outOfSequence, of: number)
    add(UInt64(count), to: .missing, of: number)
    if (details + number).pointee.gapCount >= Self.mostGaps { forgetOldestGap(of: number) }
    addGap(
      SequenceGap(
        owner: UInt32(number), first: record.pointee.expected, count: count,
        time: packet.pointee.nanoseconds))
    record.pointee.set(QueuePairRecord.Flag.hasGaps)
  }

  /// Puts a gap in the place of the oldest of all.
  private mutating func addGap(_ gap: SequenceGap) {
    let ring = state
    let place = ring.pointee.gaps.next
    let slot = ring.pointee.gaps[place]
    if slot.pointee.owner != .max { forget(place & ring.pointee.gaps.mask) }
    // A ring that is full of gaps that may still be filled gives up the oldest of these.
    if place &- ring.pointee.gaps.pending > ring.pointee.gaps.mask {
      ring.pointee.gaps.pending &+= 1
    }
    var gap = gap
    let details = details + Int(gap.owner)
    gap.next = details.pointee.gaps
    slot.pointee = gap
    details.pointee.gaps = place & ring.pointee.gaps.mask
    details.pointee.gapCount &+= 1
    ring.pointee.gaps.next = place &+ 1
  }

  /// Gaps whose reordering time is over are losses.
  @inline(never)
  mutating func expireGaps(until now: UInt64) {
    while state.pointee.gaps.hasPending {
      let gap = state.pointee.gaps[state.pointee.gaps.pending]
      if gap.pointee.owner != .max, !gap.pointee.isLost {
        guard now > gap.pointee.time, now &- gap.pointee.time > limits.reorderTime else { return }
        lose(gap, at: now)
      }
      state.pointee.gaps.pending &+= 1
    }
  }

  private mutating func lose(_ gap: UnsafeMutablePointer<SequenceGap>, at now: UInt64) {
    guard !gap.pointee.isLost else { return }
    gap.pointee.isLost = true
    let number = Int(gap.pointee.owner)
    add(UInt64(gap.pointee.count), to: .lost, of: number)
    anomalies.lost(gap.pointee.count, details + number, UInt32(number), at: now)
  }

  /// Takes a gap out of its queue pair's list.
  private mutating func unlink(_ place: UInt32) {
    let gap = state.pointee.gaps[place]
    let details = details + Int(gap.pointee.owner)
    var other = details.pointee.gaps
    if other == place {
      details.pointee.gaps = gap.pointee.next
    } else {
      while other != .max {
        let before = state.pointee.gaps[other]
        if before.pointee.next == place {
          before.pointee.next = gap.pointee.next
          break
        }
        other = before.pointee.next
      }
    }
    details.pointee.gapCount &-= 1
    if details.pointee.gaps == .max {
      (records + Int(gap.pointee.owner)).pointee.clear(QueuePairRecord.Flag.hasGaps)
    }
    gap.pointee.owner = .max
  }

  /// Gives a gap up: nobody will know whether what is missing came.
  private mutating func forget(_ place: UInt32) {
    let gap = state.pointee.gaps[place]
    add(UInt64(gap.pointee.count), to: .gapsForgotten, of: Int(gap.pointee.owner))
    unlink(place)
  }

  private mutating func forgetOldestGap(of number: Int) {
    var place = (details + number).pointee.gaps
    while place != .max, state.pointee.gaps[place].pointee.next != .max {
      place = state.pointee.gaps[place].pointee.next
    }
    if place != .max { forget(place) }
  }

  /// Of another connection's sequence numbers nothing is known.
  mutating func forgetGaps(of number: Int) {
    while (details + number).pointee.gaps != .max {
      let gap = state.pointee.gaps[(details + number).pointee.gaps]
      if !gap.pointee.isLost { lose(gap, at: state.pointee.now) }
      unlink((details + number).pointee.gaps)
    }
  }

  /// The packet is behind the one expected: it was missing, or comes again.
  mutating func wentBack(_ packet: Packet, _ record: Record, _ distance: Int32) {
    let number = number(of: record)
    let sequence = packet.pointee.facts.sequence
    if record.pointee.has(QueuePairRecord.Flag.hasGaps), let place = gap(with: sequence, of: number)
    {
      return fill(place, packet, record)
    }
    let details = details + number
    packet.pointee.outcome = .late
    guard Self.distance(from: details.pointee.origin, to: sequence) >= 0 else {
      // Older than all that was seen.
      details.pointee.origin = sequence
      return add(1, to: .gapsForgotten, of: number)
    }
    comeAgain(packet, record, distance)
  }

  private func gap(with sequence: UInt32, of number: Int) -> UInt32? {
    var place = (details + number).pointee.gaps
    while place != .max {
      let gap = state.pointee.gaps[place]
      if gap.pointee.offset(of: sequence) != nil { return place }
      place = gap.pointee.next
    }
    return nil
  }

  /// A missing packet comes.
  private mutating func fill(_ place: UInt32, _ packet: Packet, _ record: Record) {
    let number = number(of: record)
    let (sequence, kind) = (packet.pointee.facts.sequence, packet.pointee.facts.kind)
    let gap = state.pointee.gaps[place]
    let now = packet.pointee.nanoseconds
    let isLate = now > gap.pointee.time && now &- gap.pointee.time > limits.reorderTime
    let flags = QueuePairRecord.Flag.hasNAK | QueuePairRecord.Flag.isRewound
    if isLate || record.pointee.has(flags) { lose(gap, at: now) }
    packet.pointee.outcome = gap.pointee.isLost ? .sentAgain : .late
    if gap.pointee.isLost {
      add(1, to: .recovered, of: number)
      goBack(packet, record, sequence)
    } else {
      add(1, to: .reordered, of: number)
    }
    // It counts as any packet that comes the first time; its message may have ended long ago.
    var payload = packet.pointee.facts.payload
    var count: UInt32 = 1
    if kind.contains(.read) {
      payload = Self.lengthOfRead(packet)
      count = sequenceNumbers(ofRead: payload, packet, record) ?? 1
    }
    take(count, from: place, at: sequence)
    let facts = packet.pointee.facts
    self.count(opcodes[Int(facts.opcode)].counts | facts.counts, record)
    countPayload(payload, record)
    if kind.contains(.read) { add(1, to: .readRequests, of: number) }
    if kind.contains(.atomic) { add(1, to: .atomicRequests, of: number) }
    record.pointee.lastRequest = Self.clock(packet)
  }

  /// Leaves of a gap what is before so many sequence numbers and what is behind them.
  private mutating func take(_ count: UInt32, from place: UInt32, at sequence: UInt32) {
    let gap = state.pointee.gaps[place]
    guard let offset = gap.pointee.offset(of: sequence) else { return }
    let behind = gap.pointee.count &- min(offset &+ count, gap.pointee.count)
    if offset == 0, behind == 0 { return unlink(place) }
    if offset == 0 {
      gap.pointee.first = (sequence &+ count) & 0xff_ffff
      gap.pointee.count = behind
      return
    }
    gap.pointee.count = offset
    guard behind > 0 else { return }
    let number = Int(gap.pointee.owner)
    guard (details + number).pointee.gapCount < Self.mostGaps else {
      return add(UInt64(behind), to: .gapsForgotten, of: number)
    }
    var rest = gap.pointee
    rest.first = (sequence &+ count) & 0xff_ffff
    rest.count = behind
    addGap(rest)
  }

  /// A packet that was there before.
  private mutating func comeAgain(_ packet: Packet, _ record: Record, _ distance: Int32) {
    let number = number(of: record)
    let sequence = packet.pointee.facts.sequence
    let kind = packet.pointee.facts.kind
    packet.pointee.outcome = .sentAgain
    let answers = QueuePairRecord.Flag.hasNAK | QueuePairRecord.Flag.hasRNR
    let isLast = distance == -1
    if isLast, !record.pointee.has(answers | QueuePairRecord.Flag.isRewound),
      Self.silence(before: packet, record) <= limits.reorderTime
    {
      return add(1, to: .duplicates, of: number)
    }
    goBack(packet, record, sequence)
    add(1, to: .retransmitted, of: number)
    if kind.contains(.read) || kind.contains(.atomic) { add(1, to: .repeatedReads, of: number) }
    anomalies.sentAgain(details + number, UInt32(number), at: packet.pointee.nanoseconds)
    // Karn: an answer to what was sent twice measures nothing.
    record.pointee.clear(QueuePairRecord.Flag.hasSample | QueuePairRecord.Flag.hasReadSample)
    record.pointee.lastRequest = Self.clock(packet)
  }

  /// Nanoseconds since the request before.
  private static func silence(before packet: Packet, _ record: Record) -> UInt64 {
    UInt64(clock(packet) &- record.pointee.lastRequest) &<< 10
  }

  /// The sender went back to this packet, or goes on from where it went back to.
  private mutating func goBack(_ packet: Packet, _ record: Record, _ sequence: UInt32) {
    let number = number(of: record)
    let details = details + number
    defer { details.pointee.resent = (sequence &+ 1) & 0xff_ffff }
    if record.pointee.has(QueuePairRecord.Flag.isRewound),
      Self.distance(from: details.pointee.resent, to: sequence) >= 0
    {
      if (sequence &+ 1) & 0xff_ffff == record.pointee.expected { endRewind(record) }
      return
    }
    add(1, to: .rewinds, of: number)
    let silence = Self.silence(before: packet, record)
    if record.pointee.has(QueuePairRecord.Flag.hasNAK) {
      add(1, to: .rewindsAfterNAK, of: number)
    } else if record.pointee.has(QueuePairRecord.Flag.hasRNR) {
      add(1, to: .rewindsAfterRNR, of: number)
    } else if silence >= limits.timeout, silence < 1 &<< 41 {
      add(1, to: .timeouts, of: number)
      add(silence, to: .idleBeforeTimeout, of: number)
      anomalies.timedOut(
        details, UInt32(number), at: packet.pointee.nanoseconds, after: silence)
    }
    record.pointee.clear(QueuePairRecord.Flag.hasNAK | QueuePairRecord.Flag.hasRNR)
    if (sequence &+ 1) & 0xff_ffff != record.pointee.expected {
      record.pointee.set(QueuePairRecord.Flag.isRewound)
    }
  }

  mutating func endRewind(_ record: Record) {
    record.pointee.clear(QueuePairRecord.Flag.isRewound)
  }
}
