// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Tables
public import Wire

/// A RoCE packet and where its queue pair is: what an observer is given.
@frozen
public struct ObservedPacket: BitwiseCopyable {
  public var headers: UnsafePointer<Headers>
  public var bytes: UnsafeRawPointer
  public var entry: UnsafeMutablePointer<FlowEntry>
  public var nanoseconds: UInt64
  /// The queue pair's place, below the capacity.
  public var number: UInt32
  /// Bytes on the wire.
  public var length: UInt32
  /// What the observer found the packet to be.
  public var outcome = PacketOutcome.inOrder
  /// Of the base transport header: its opcode, what that means, and the word that ends with the
  /// sequence number. And the ECN field.
  var opcode: UInt8 = 0
  var ecn: UInt8 = 0
  var kind: UInt16 = 0
  var word: UInt32 = 0

  @inlinable @inline(__always)
  public init(
    headers: UnsafePointer<Headers>, bytes: UnsafeRawPointer,
    entry: UnsafeMutablePointer<FlowEntry>, nanoseconds: UInt64, number: UInt32, length: UInt32
  ) {
    self.headers = headers
    self.bytes = bytes
    self.entry = entry
    self.nanoseconds = nanoseconds
    self.number = number
    self.length = length
  }
}

/// Measures queue pairs by the packets that go to them: one worker's, without a lock.
///
/// Nearly every packet is a request whose sequence number is the one expected: it touches its queue
/// pair's record and little else. All that is rarer is in functions of its own.
public struct QueuePairObserver: ~Copyable {
  let memory: TelemetryMemory
  let records: UnsafeMutablePointer<QueuePairRecord>
  let details: QueuePairPart<QueuePairDetails>
  /// By metric.
  let values: QueuePairPart<UInt64>
  let receivers: UnsafeMutablePointer<Receiver>
  let state: UnsafeMutablePointer<ObserverState>
  let distributions: UnsafeMutablePointer<ObserverDistributions>
  let events: UnsafeMutablePointer<EventMemory>
  let kinds: UnsafeMutablePointer<OperationKind>
  let limits: TelemetryLimits
  let series: SeriesMemory?
  /// The series' own memory: no object is counted for each burst.
  private let recorder: UnsafeMutablePointer<SeriesRecorder>?
  /// The packets of the burst, in their order.
  public let packets: UnsafeMutablePointer<ObservedPacket>
  var anomalies: AnomalyDetector
  /// Of the burst: what leads from a queue pair to that of the opposite direction.
  var directory = FlowDirectory()

  /// The most packets that are given at once.
  public static var burstCapacity: Int { 64 }

  /// - Parameters:
  ///   - board: where others find what is measured.
  ///   - seed: of hashes; the same on all workers.
  public init(
    _ limits: TelemetryLimits, on board: TelemetryBoard, seed: UInt64 = 1,
    series: SeriesMemory? = nil
  ) throws(TableError) {
    memory = try TelemetryMemory(limits, seed: seed, begun: board.begun)
    records = memory.records
    details = memory.details
    values = memory.values
    receivers = memory.state.pointee.receivers.start
    state = memory.state
    distributions = memory.distributions
    events = memory.events
    self.limits = limits
    self.series = series
    recorder = series?.recorder
    kinds = .allocate(capacity: 256)
    for opcode in 0..<256 {
      (kinds + opcode).initialize(to: OperationKind(Opcode(rawValue: UInt8(opcode))))
    }
    packets = .allocate(capacity: Self.burstCapacity)
    anomalies = AnomalyDetector(limits, memory.events)
    board.add(memory, series)
  }

  deinit {
    kinds.deallocate()
    packets.deallocate()
  }

  /// What the observer of such limits takes, in bytes.
  public static func byteCount(_ limits: TelemetryLimits) -> Int {
    limits.capacity * TelemetryMemory.bytesPerQueuePair
  }

  /// Where the record of a queue pair is that will be observed, to have it fetched.
  @inline(__always)
  public func record(_ number: Int) -> UnsafeRawPointer { UnsafeRawPointer(records + number) }

  /// Takes the first `count` packets.
  public mutating func observe(_ count: Int, _ directory: FlowDirectory) {
    guard count > 0 else { return }
    self.directory = directory
    let first = packets[0].nanoseconds
    if state.pointee.began == 0 { state.pointee.began = first }
    if state.pointee.gaps.hasPending { expireGaps(until: first) }
    read(count)
    for place in 0..<count { judge(packets + place) }
    let last = packets[count &- 1].nanoseconds
    state.pointee.now = max(state.pointee.now, last)
    anomalies.age(to: last)
    if let recorder { recorder.pointee.add(packets, count) }
  }

  /// The first way through the packets: what has no regard to the order of requests. It has the
  /// memory fetched that the second one needs beside the records.
  @inline(__always)
  private mutating func read(_ count: Int) {
    // Requests by ECN field, 16 bits each: fewer than 2^16 are in a burst.
    var requests: UInt64 = 0
    for place in 0..<count {
      let packet = packets + place
      let record = records + Int(packet.pointee.number)
      if record.pointee.owner != packet.pointee.entry.pointee.owner { begin(packet, record) }
      let transport = packet.pointee.bytes + packet.pointee.headers.pointee[.rdma]
      let opcode = transport.load(as: UInt8.self)
      if !record.pointee.run.takes(opcode) {
        let opcodes = UnsafeRawPointer(details + Int(packet.pointee.number))
        cdpdk_prefetch(opcodes + QueuePairDetails.place(of: record.pointee.run.opcode) &* 8)
      }
      let kind = kinds[Int(opcode)]
      let ecn = Self.ecn(packet)
      let isRequest = kind.rawValue & OperationKind.request.rawValue != 0
      requests &+= isRequest ? 1 &<< (ecn &<< 4) : 0
      packet.pointee.opcode = opcode
      packet.pointee.kind = kind.rawValue
      packet.pointee.ecn = UInt8(truncatingIfNeeded: ecn)
      packet.pointee.word = transport.networkUInt32(at: 8)
      keepTime(packet, record)
    }
    anomalies.countData(
      notCapable: UInt32(truncatingIfNeeded: requests & 0xffff),
      capable: UInt32(
        truncatingIfNeeded: (requests &>> 16 & 0xffff) &+ (requests &>> 32 & 0xffff)
          &+ requests &>> 48))
  }

  /// The second way through: one packet after the other, in their order.
  @inline(__always)
  private mutating func judge(_ packet: UnsafeMutablePointer<ObservedPacket>) {
    let record = records + Int(packet.pointee.number)
    let (kind, ecn) = (OperationKind(rawValue: packet.pointee.kind), UInt64(packet.pointee.ecn))
    tally(packet.pointee.opcode, record)
    // What the receiver throws away is no part of a sequence.
    if packet.pointee.headers.pointee.icrc != .unchecked, !check(packet, record) { return }
    if ecn == 3 { mark(packet, record) }
    if kind.rawValue & OperationKind.request.rawValue != 0 {
      noteECN(ecn, packet, record)
      request(packet, record, packet.pointee.word, kind)
    } else {
      answer(packet, record, packet.pointee.word, kind, ecn)
    }
  }

  /// The ECN field of the outermost IP header, which is the one that switches mark; 0 without IP.
  @inline(__always)
  private static func ecn(_ packet: UnsafeMutablePointer<ObservedPacket>) -> UInt64 {
    let headers = packet.pointee.headers
    let layers = headers.pointee.layers.rawValue
    guard layers & Layers.ip.rawValue != 0 else { return 0 }
    let byte = packet.pointee.bytes.load(
      fromByteOffset: headers.pointee[.network] &+ 1, as: UInt8.self)
    return UInt64((layers & Layers.ipv4.rawValue != 0 ? byte : byte &>> 4) & 3)
  }

  /// Bytes, bursts, and what the receiver gets.
  @inline(__always)
  private mutating func keepTime(
    _ packet: UnsafeMutablePointer<ObservedPacket>,
    _ record: UnsafeMutablePointer<QueuePairRecord>
  ) {
    let now = packet.pointee.nanoseconds
    let length = packet.pointee.length
    record.pointee.bytes &+= UInt64(length)
    if length != state.pointee.sizeOfRun { endSizes(length) }
    state.pointee.sizes &+= 1
    let silence = Int64(bitPattern: now &- record.pointee.lastSeen)
    let receiver = receivers + Int(record.pointee.receiver)
    if !receiver.pointee.bursts.addWithin(UInt64(length), at: now, length: limits.bin) {
      addElsewhere(receiver, packet)
    }
    // Of the packets of a queue pair in one window, the first says who sends.
    let shift = FanInWindows.usualShift
    if (now ^ record.pointee.lastSeen) &>> shift != 0,
      !receiver.pointee.fanIn.addWithin(sender: record.pointee.sender, at: now, shift: shift)
    {
      join(receiver, record, at: now)
    }
    if silence > 0 {
      if silence > Int64(bitPattern: limits.burstGap) { endBurst(record, UInt64(silence)) }
      record.pointee.lastSeen = now
    }
    record.pointee.burstBytes &+= length
  }

  /// The packet is in another bin of its receiver's.
  @inline(never)
  private mutating func addElsewhere(
    _ receiver: UnsafeMutablePointer<Receiver>, _ packet: UnsafeMutablePointer<ObservedPacket>
  ) {
    let (bytes, now) = (UInt64(packet.pointee.length), packet.pointee.nanoseconds)
    if receiver.pointee.bursts.add(bytes, at: now, distributions.pointee.bins) {
      endBin(receiver)
    }
  }

  /// The packet is in another window of its receiver's.
  @inline(never)
  private mutating func join(
    _ receiver: UnsafeMutablePointer<Receiver>, _ record: UnsafeMutablePointer<QueuePairRecord>,
    at now: UInt64
  ) {
    let sender = UInt64(record.pointee.sender)
    if receiver.pointee.fanIn.add(sender: sender, at: now, distributions.pointee.windows) {
      endWindow(receiver)
    }
  }

  /// Packets of one size in a row are counted together.
  @inline(never)
  func endSizes(_ size: UInt32) {
    distributions.pointee.packetSize.record(
      UInt64(state.pointee.sizeOfRun), times: state.pointee.sizes)
    state.pointee.sizeOfRun = size
    state.pointee.sizes = 0
  }

  @inline(__always)
  private func endBurst(_ record: UnsafeMutablePointer<QueuePairRecord>, _ silence: UInt64) {
    distributions.pointee.idleGap.tally(silence)
    distributions.pointee.burstLength.tally(UInt64(record.pointee.burstBytes))
    record.pointee.burstBytes = 0
  }

  /// Counts the packet by its opcode, together with those before that are alike.
  @inline(__always)
  private func tally(_ opcode: UInt8, _ record: UnsafeMutablePointer<QueuePairRecord>) {
    if !record.pointee.run.takes(opcode) { endRun(record, opcode) }
    record.pointee.run.add(opcode)
  }

  @inline(__always)
  private func endRun(_ record: UnsafeMutablePointer<QueuePairRecord>, _ opcode: UInt8) {
    record.pointee.endRun(details + number(of: record))
    record.pointee.run = OpcodeRun(opcode: opcode)
  }

  @inline(__always)
  func add(_ value: UInt64, to metric: Metric, of number: Int) {
    (values + number)[metric.rawValue] &+= value
  }

  @inline(__always)
  func number(of record: UnsafeMutablePointer<QueuePairRecord>) -> Int {
    record - records
  }

  /// How far a sequence number is ahead of another; below 0 where it is behind (volume 1, 9.7.1).
  @inline(__always)
  static func distance(from other: UInt32, to sequence: UInt32) -> Int32 {
    Int32(bitPattern: (sequence &- other) &<< 8) &>> 8
  }
}
