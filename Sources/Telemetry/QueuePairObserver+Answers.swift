// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Answers and notifications: they go to the requester's queue pair, and say something of the
/// requests that go the other way.
extension QueuePairObserver {
  /// The record of the queue pair of the opposite direction, where it is known.
  func peer(of packet: Packet) -> Record? {
    guard let entry = directory.peer(of: packet.pointee.entry),
      let number = directory.number(of: entry), number < limits.capacity,
      (records + number).pointee.owner == entry.pointee.owner
    else { return nil }
    (records + Int(packet.pointee.number)).pointee.peer = UInt32(truncatingIfNeeded: number)
    (records + number).pointee.peer = packet.pointee.number
    return records + number
  }

  @inline(never)
  mutating func answer(_ packet: Packet, _ record: Record) {
    let sequence = packet.pointee.facts.sequence
    let kind = packet.pointee.facts.kind
    if !kind.contains(.response) { packet.pointee.outcome = .answer }
    if kind.contains(.acknowledgement) {
      acknowledge(packet, record, sequence)
    } else if kind.contains(.response) {
      noteECN(packet, record)
      respond(packet, record, sequence, kind)
    } else if kind.contains(.notification) {
      notify(packet, record)
    } else if kind.contains(.datagram), kind.contains(.ends) {
      let payload = packet.pointee.facts.payload
      count(RecordCounts(messages: 1), record)
      countPayload(payload, record)
      record.pointee.largest = max(record.pointee.largest, payload)
      state.pointee.messageSizes.add(UInt64(payload), to: distributions.pointee.messageSize)
    }
  }

  private mutating func acknowledge(_ packet: Packet, _ record: Record, _ sequence: UInt32) {
    let headers = packet.pointee.headers
    guard headers.pointee.layers.contains(.aeth) else {
      state.pointee.cut &+= 1
      return
    }
    let syndrome = packet.pointee.bytes.load(
      fromByteOffset: headers.pointee[.operation], as: UInt8.self)
    let number = number(of: record)
    switch syndrome &>> 5 & 3 {
    case 0:
      add(1, to: .acknowledgements, of: number)
      countAcknowledged(record, sequence)
    case 1: refuse(packet, record, syndrome & 31)
    case 3: deny(packet, record, syndrome)
    default: break
    }
    guard let peer = peer(of: packet) else {
      state.pointee.unpairedAnswers &+= 1
      return
    }
    // A NAK names the request that it refuses, and acknowledges those before.
    let isAcknowledgement = syndrome &>> 5 & 3 == 0
    settle(peer, packet, isAcknowledgement ? sequence : (sequence &- 1) & 0xff_ffff)
    missRead(peer, record, sequence)
  }

  /// How many requests this acknowledges that the one before did not.
  private mutating func countAcknowledged(_ record: Record, _ sequence: UInt32) {
    let number = number(of: record)
    defer {
      record.pointee.acknowledged = sequence
      record.pointee.set(QueuePairRecord.Flag.hasAcknowledged)
    }
    guard record.pointee.has(QueuePairRecord.Flag.hasAcknowledged) else { return }
    let count = Self.distance(from: record.pointee.acknowledged, to: sequence)
    guard count > 0, count.magnitude < limits.restartDistance else { return }
    add(UInt64(count), to: .acknowledged, of: number)
    distributions.pointee.acknowledged.record(UInt64(count))
  }

  /// The receiver was not ready (volume 1, 9.7.5.2.8).
  private mutating func refuse(_ packet: Packet, _ record: Record, _ timer: UInt8) {
    let number = number(of: record)
    let wait = ReceiverNotReadyTimer.nanoseconds(timer)
    add(1, to: .receiverNotReady, of: number)
    add(wait, to: .receiverNotReadyWait, of: number)
    let longest = value(of: .receiverNotReadyTimer, of: number)
    longest.pointee = max(longest.pointee, wait)
    peer(of: packet)?.pointee.set(QueuePairRecord.Flag.hasRNR)
    anomalies.refused(
      details + number, UInt32(number), at: packet.pointee.nanoseconds, wait: wait)
  }

  /// A NAK (9.7.5.2.3 and on).
  private mutating func deny(_ packet: Packet, _ record: Record, _ syndrome: UInt8) {
    let number = number(of: record)
    let metric: Metric? =
      switch syndrome & 31 {
      case 0: .sequenceErrors
      case 1: .invalidRequests
      case 2: .accessErrors
      case 3: .operationalErrors
      case 4: .invalidDatagramRequests
      default: nil
      }
    guard let metric else { return }
    add(1, to: metric, of: number)
    let now = packet.pointee.nanoseconds
    guard metric == .sequenceErrors else {
      return anomalies.failed(details + number, UInt32(number), at: now, code: syndrome)
    }
    // The loss is at the queue pair that the requests go to, where that is known.
    let peer = peer(of: packet)
    peer?.pointee.set(QueuePairRecord.Flag.hasNAK)
    let place = peer.map { self.number(of: $0) } ?? number
    anomalies.denied(details + place, UInt32(truncatingIfNeeded: place), at: now)
  }

  /// The answer may be the one that is waited for.
  private mutating func settle(_ peer: Record, _ packet: Packet, _ sequence: UInt32) {
    guard peer.pointee.has(QueuePairRecord.Flag.hasSample),
      Self.distance(from: peer.pointee.sampleSequence, to: sequence) >= 0
    else { return }
    peer.pointee.clear(QueuePairRecord.Flag.hasSample)
    let now = packet.pointee.nanoseconds
    guard now >= peer.pointee.sampleTime else { return }
    // Of the requester's queue pair, to which the answer goes.
    let number = Int(packet.pointee.number)
    let time = now &- peer.pointee.sampleTime
    add(1, to: .roundTrips, of: number)
    add(time, to: .roundTripTime, of: number)
    keepExtremes(time, number)
    distributions.pointee.roundTrip.record(time)
    guard peer.pointee.has(QueuePairRecord.Flag.samplesMessage) else { return }
    let whole = time &+ UInt64(peer.pointee.sampleSpan)
    add(1, to: .completions, of: number)
    add(whole, to: .completionTime, of: number)
    distributions.pointee.completion.record(whole)
  }

  private mutating func keepExtremes(_ time: UInt64, _ number: Int) {
    let shortest = value(of: .shortestRoundTrip, of: number)
    let longest = value(of: .longestRoundTrip, of: number)
    shortest.pointee = shortest.pointee == 0 ? max(time, 1) : min(shortest.pointee, max(time, 1))
    longest.pointee = max(longest.pointee, time)
  }

  /// An answer to a later request while a read's response is incomplete says that it is lost.
  private mutating func missRead(_ peer: Record, _ record: Record, _ sequence: UInt32) {
    let asked = details + number(of: peer)
    guard asked.pointee.hasRead, !peer.pointee.has(QueuePairRecord.Flag.isRewound),
      Self.distance(from: asked.pointee.readEnd, to: sequence) > 0
    else { return }
    asked.pointee.hasRead = false
    add(1, to: .impliedErrors, of: number(of: record))
  }

  /// A packet of the answer to a read, or to an atomic operation.
  private mutating func respond(
    _ packet: Packet, _ record: Record, _ sequence: UInt32, _ kind: OperationKind
  ) {
    let number = number(of: record)
    add(1, to: .readResponses, of: number)
    follow(packet, record, sequence, kind)
    if kind.contains(.starts), !kind.contains(.ends) { learn(packet.pointee.facts.payload, record) }
    guard let peer = peer(of: packet) else {
      state.pointee.unpairedAnswers &+= 1
      return
    }
    if peer.pointee.pathMTU == 0 { learn(UInt32(record.pointee.pathMTU), peer) }
    settle(peer, packet, sequence)
    let asked = details + self.number(of: peer)
    if kind.contains(.starts), peer.pointee.has(QueuePairRecord.Flag.hasReadSample),
      asked.pointee.readSample == sequence
    {
      peer.pointee.clear(QueuePairRecord.Flag.hasReadSample)
      let now = packet.pointee.nanoseconds
      if now >= asked.pointee.readTime {
        let time = now &- asked.pointee.readTime
        add(1, to: .readAnswers, of: number)
        add(time, to: .readAnswerTime, of: number)
        distributions.pointee.readAnswer.record(time)
      }
    }
    missRead(peer, record, sequence)
    if kind.contains(.ends), asked.pointee.readEnd == sequence { asked.pointee.hasRead = false }
  }

  /// The packets of one response follow each other; a first packet may be of any later request.
  private mutating func follow(
    _ packet: Packet, _ record: Record, _ sequence: UInt32, _ kind: OperationKind
  ) {
    let number = number(of: record)
    guard record.pointee.has(QueuePairRecord.Flag.hasResponses) else {
      record.pointee.set(QueuePairRecord.Flag.hasResponses)
      record.pointee.responseExpected = (sequence &+ 1) & 0xff_ffff
      return
    }
    let distance = Self.distance(from: record.pointee.responseExpected, to: sequence)
    if distance.magnitude >= limits.restartDistance {
      record.pointee.responseExpected = (sequence &+ 1) & 0xff_ffff
      return
    }
    if distance < 0 {
      packet.pointee.outcome = .sentAgain
      return add(1, to: .responsesRepeated, of: number)
    }
    if distance > 0, !kind.contains(.starts) {
      packet.pointee.outcome = .behindGap(of: UInt32(distance))
      add(UInt64(distance), to: .responsesMissing, of: number)
    }
    record.pointee.responseExpected = (sequence &+ 1) & 0xff_ffff
  }

  private mutating func notify(_ packet: Packet, _ record: Record) {
    let number = number(of: record)
    let now = packet.pointee.nanoseconds
    let isMarked = packet.pointee.facts.kind.contains(.marked)
    add(1, to: .notifications, of: number)
    if isMarked { add(1, to: .notificationsMarked, of: number) }
    anomalies.notified(details + number, UInt32(number), at: now, isMarked: isMarked)
    guard let peer = peer(of: packet), peer.pointee.has(QueuePairRecord.Flag.isMarked) else {
      return
    }
    peer.pointee.clear(QueuePairRecord.Flag.isMarked)
    let marked = peer.pointee.markedAt
    guard now >= marked else { return }
    add(1, to: .notificationDelays, of: number)
    add(now &- marked, to: .notificationDelay, of: number)
    distributions.pointee.notificationDelay.record(now &- marked)
  }
}

/// What the timer of a "receiver not ready" stands for (volume 1, table 45).
enum ReceiverNotReadyTimer {
  /// In units of 10 us.
  private static func units(_ code: UInt8) -> UInt64 {
    switch code & 31 {
    case 0: 65536
    case 1...4: UInt64(code)
    default:
      // From code 5 on two of them double each time: 6, 8, 12, 16, 24 and so on.
      (code & 1 != 0 ? 6 : 8) &<< ((UInt64(code & 31) &- 5) / 2)
    }
  }

  static func nanoseconds(_ code: UInt8) -> UInt64 { units(code) &* 10_000 }
}
