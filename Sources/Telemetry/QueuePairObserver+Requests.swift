// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Requests: sequence numbers, messages, and what is timed of them.
extension QueuePairObserver {
  typealias Packet = UnsafeMutablePointer<ObservedPacket>
  typealias Record = UnsafeMutablePointer<QueuePairRecord>

  mutating func request(_ packet: Packet, _ record: Record) {
    let unusual = QueuePairRecord.Flag.isRewound | QueuePairRecord.Flag.hasOpenRead
    guard packet.pointee.facts.sequence == record.pointee.expected,
      record.pointee.has(QueuePairRecord.Flag.isKnown), !record.pointee.has(unusual)
    else { return unusualRequest(packet, record) }
    inOrder(packet, record)
  }

  private mutating func inOrder(_ packet: Packet, _ record: Record) {
    let kind = packet.pointee.facts.kind
    if kind.contains(.read) {
      packet.pointee.facts.payload = Self.lengthOfRead(packet)
    } else if kind.contains(.atomic) {
      packet.pointee.facts.payload = 8
      add(1, to: .atomicRequests, of: number(of: record))
    }
    follow(packet, record, RecordCounts())
    if kind.contains(.read) { read(packet.pointee.facts.payload, packet, record) }
  }

  /// Goes on with the sequence and the message. What begins or ends a message, or is to be counted,
  /// no processor foresees: that is one branch.
  ///
  /// - Parameter counts: what else the packet adds to these.
  @inline(__always)
  mutating func follow(_ packet: Packet, _ record: Record, _ counts: RecordCounts) {
    let facts = packet.pointee.facts
    record.pointee.expected = (facts.word &+ 1) & 0xff_ffff
    record.pointee.lastRequest = Self.clock(packet)
    let starts = facts.kind.rawValue & OperationKind.starts.rawValue
    record.pointee.flags |= starts
    let before = starts == 0 ? record.pointee.messageBytes : 0
    record.pointee.messageBytes = before &+ facts.payload
    let all = opcodes[Int(facts.opcode)].counts | facts.counts | counts
    let ends = facts.kind.rawValue & OperationKind.ends.rawValue
    guard !all.isEmpty || starts | ends != 0 else { return }
    count(all, record)
    if ends != 0 {
      endMessage(packet, record)
    } else if starts != 0 {
      record.pointee.messageStart = packet.pointee.nanoseconds
      learn(facts.payload, record)
    }
  }

  /// The time in the units of `QueuePairRecord.lastRequest`.
  @inline(__always)
  static func clock(_ packet: Packet) -> UInt32 {
    UInt32(truncatingIfNeeded: packet.pointee.nanoseconds &>> 10)
  }

  /// The first packet of several is full.
  @inline(__always)
  mutating func learn(_ payload: UInt32, _ record: Record) {
    guard UInt32(record.pointee.pathMTU) != payload else { return }
    setPathMTU(payload, record)
  }

  @inline(never)
  private mutating func setPathMTU(_ payload: UInt32, _ record: Record) {
    record.pointee.pathMTU = UInt16(clamping: payload)
    value(of: .pathMTU, of: number(of: record)).pointee = UInt64(payload)
  }

  @inline(__always)
  mutating func endMessage(_ packet: Packet, _ record: Record) {
    let bytes = record.pointee.messageBytes
    countPayload(bytes, record)
    if record.pointee.has(QueuePairRecord.Flag.isWhole) {
      if bytes > record.pointee.largest { record.pointee.largest = bytes }
      state.pointee.messageSizes.add(UInt64(bytes), to: distributions.pointee.messageSize)
    }
    record.pointee.messageBytes = 0
    let waits = QueuePairRecord.Flag.hasSample | QueuePairRecord.Flag.isUnreliable
    if packet.pointee.facts.asksForAnswer, !record.pointee.has(waits) { sample(packet, record) }
    record.pointee.clear(QueuePairRecord.Flag.isWhole)
  }

  /// Begins to wait for the answer to this request.
  @inline(__always)
  private mutating func sample(_ packet: Packet, _ record: Record) {
    record.pointee.sampleSequence = packet.pointee.facts.sequence
    record.pointee.sampleTime = packet.pointee.nanoseconds
    record.pointee.set(QueuePairRecord.Flag.hasSample)
    guard record.pointee.has(QueuePairRecord.Flag.isWhole) else {
      return record.pointee.clear(QueuePairRecord.Flag.samplesMessage)
    }
    record.pointee.set(QueuePairRecord.Flag.samplesMessage)
    // Of a message of one packet, the beginning was not kept.
    let isOne = packet.pointee.facts.kind.contains(.starts)
    record.pointee.sampleSpan =
      isOne
      ? 0 : UInt32(clamping: packet.pointee.nanoseconds &- record.pointee.messageStart)
  }

  /// A read takes the sequence numbers of all packets of its response (volume 1, 9.7.5.1.5).
  private mutating func read(_ length: UInt32, _ packet: Packet, _ record: Record) {
    let number = number(of: record)
    add(1, to: .readRequests, of: number)
    let first = packet.pointee.facts.sequence
    let count = sequenceNumbers(ofRead: length, packet, record)
    if count == nil {
      record.pointee.set(QueuePairRecord.Flag.hasOpenRead)
      (details + number).pointee.openRead = length
      (details + number).pointee.openReadAddress = Self.addressOfRead(packet)
    }
    let last = first &+ (count ?? 1) &- 1
    record.pointee.expected = (last &+ 1) & 0xff_ffff
    if !(details + number).pointee.hasRead {
      (details + number).pointee.hasRead = true
      (details + number).pointee.readEnd = last & 0xff_ffff
    }
    if !record.pointee.has(QueuePairRecord.Flag.hasReadSample) {
      record.pointee.set(QueuePairRecord.Flag.hasReadSample)
      (details + number).pointee.readSample = first
      (details + number).pointee.readTime = packet.pointee.nanoseconds
    }
  }

  /// The bytes that a read asks for.
  static func lengthOfRead(_ packet: Packet) -> UInt32 {
    let headers = packet.pointee.headers
    guard headers.pointee.layers.contains(.reth) else { return 0 }
    return packet.pointee.bytes.networkUInt32(at: headers.pointee[.operation] &+ 12)
  }

  /// Where a read begins.
  private static func addressOfRead(_ packet: Packet) -> UInt64 {
    let headers = packet.pointee.headers
    guard headers.pointee.layers.contains(.reth) else { return 0 }
    return packet.pointee.bytes.networkUInt64(at: headers.pointee[.operation])
  }

  /// How many packets the response to a read has; nil while the path MTU decides and is unknown.
  func sequenceNumbers(ofRead length: UInt32, _ packet: Packet, _ record: Record) -> UInt32? {
    let others = peer(of: packet)?.pointee.pathMTU ?? 0
    let pathMTU = UInt64(max(record.pointee.pathMTU, others))
    guard pathMTU > 0 else { return length <= 256 ? 1 : nil }
    return UInt32(truncatingIfNeeded: max((UInt64(length) + pathMTU - 1) / pathMTU, 1))
  }

  /// A request that is not the one expected, or needs another look.
  @inline(never)
  private mutating func unusualRequest(_ packet: Packet, _ record: Record) {
    let sequence = packet.pointee.facts.sequence
    let kind = packet.pointee.facts.kind
    let number = number(of: record)
    guard record.pointee.has(QueuePairRecord.Flag.isKnown) else {
      return beginSequence(packet, record)
    }
    var distance = Self.distance(from: record.pointee.expected, to: sequence)
    if record.pointee.has(QueuePairRecord.Flag.hasOpenRead) {
      if kind.contains(.read) { learnFromRest(packet, record, distance) }
      if record.pointee.has(QueuePairRecord.Flag.hasOpenRead) {
        distance = closeRead(record, distance)
      } else {
        distance = Self.distance(from: record.pointee.expected, to: sequence)
      }
    }
    guard distance.magnitude < limits.restartDistance else {
      add(1, to: .sequenceRestarts, of: number)
      forgetGaps(of: number)
      return beginSequence(packet, record)
    }
    if distance < 0 { return wentBack(packet, record, distance) }
    if record.pointee.has(QueuePairRecord.Flag.isRewound) { endRewind(record) }
    if distance > 0 {
      // What a part of is missing is not whole.
      record.pointee.clear(QueuePairRecord.Flag.isWhole)
      if kind.rawValue & OperationKind.starts.rawValue != 0 { record.pointee.messageBytes = 0 }
      openGap(packet, record, UInt32(distance))
    }
    inOrder(packet, record)
  }

  /// The first request that is seen of a connection.
  private mutating func beginSequence(_ packet: Packet, _ record: Record) {
    let details = details + number(of: record)
    details.pointee.origin = packet.pointee.facts.sequence
    details.pointee.hasRead = false
    record.pointee.flags &=
      QueuePairRecord.Flag.wasECT | QueuePairRecord.Flag.wasNotECT
      | QueuePairRecord.Flag.isMarked
    record.pointee.set(QueuePairRecord.Flag.isKnown)
    if packet.pointee.facts.kind.contains(.unreliable) {
      record.pointee.set(QueuePairRecord.Flag.isUnreliable)
    }
    record.pointee.messageBytes = 0
    inOrder(packet, record)
  }

  /// A read of what is left of the open one, from its middle on, tells how long it was: where it
  /// begins is as many full packets further as its sequence number is.
  private mutating func learnFromRest(_ packet: Packet, _ record: Record, _ distance: Int32) {
    let open = details + number(of: record)
    guard distance >= 0 else { return }
    let packets = UInt64(distance) + 1
    let bytes = Self.addressOfRead(packet) &- open.pointee.openReadAddress
    let rest = UInt64(open.pointee.openRead) &- UInt64(Self.lengthOfRead(packet))
    guard bytes == rest, bytes > 0, bytes % packets == 0 else { return }
    let pathMTU = bytes / packets
    guard pathMTU >= 256, pathMTU <= 4096, pathMTU.nonzeroBitCount == 1 else { return }
    setPathMTU(UInt32(pathMTU), record)
    record.pointee.clear(QueuePairRecord.Flag.hasOpenRead)
    let count = (UInt64(open.pointee.openRead) &+ pathMTU &- 1) / pathMTU
    record.pointee.expected =
      (record.pointee.expected &+ UInt32(truncatingIfNeeded: count) &- 1) & 0xff_ffff
  }

  /// The request behind a read tells how many sequence numbers the read has taken, and so the path
  /// MTU: one of five makes it right.
  ///
  /// - Returns: how far the request is ahead of the one expected then.
  private mutating func closeRead(_ record: Record, _ distance: Int32) -> Int32 {
    guard distance >= 0 else { return distance }
    record.pointee.clear(QueuePairRecord.Flag.hasOpenRead)
    guard distance > 0 else { return distance }
    let length = UInt64((details + number(of: record)).pointee.openRead)
    var pathMTU: UInt64 = 256
    while pathMTU <= 4096 {
      if (length + pathMTU - 1) / pathMTU == UInt64(distance) + 1 {
        setPathMTU(UInt32(pathMTU), record)
        return 0
      }
      pathMTU *= 2
    }
    return distance
  }
}
