// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Tables
import Wire

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
  let used: UnsafeMutablePointer<UsedLines>
  let receivers: UnsafeMutablePointer<Receiver>
  let state: UnsafeMutablePointer<ObserverState>
  let distributions: UnsafeMutablePointer<ObserverDistributions>
  let events: UnsafeMutablePointer<EventMemory>
  let opcodes: UnsafeMutablePointer<OpcodeFacts>
  /// Runs of packets that ended in the burst.
  let endedRuns: UnsafeMutablePointer<EndedRun>
  var endedRunCount = 0
  let limits: TelemetryLimits
  let series: SeriesMemory?
  /// The series' own memory: no object is counted for each burst.
  private let recorder: UnsafeMutablePointer<SeriesRecorder>?
  /// The packets of the burst that are of queue pairs, in their order.
  let packets: UnsafeMutablePointer<ObservedPacket>
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
    series: SeriesMemory? = nil, pages: TablePages = .atOnce
  ) throws(TableError) {
    memory = try TelemetryMemory(limits, seed: seed, begun: board.begun, pages: pages)
    records = memory.records
    details = memory.details
    values = memory.values
    used = memory.used
    receivers = memory.state.pointee.receivers.start
    state = memory.state
    distributions = memory.distributions
    events = memory.events
    self.limits = limits
    self.series = series
    recorder = series?.recorder
    opcodes = OpcodeFacts.makeTable()
    endedRuns = .allocate(capacity: Self.burstCapacity)
    packets = .allocate(capacity: Self.burstCapacity)
    anomalies = AnomalyDetector(limits, memory.events)
    board.add(memory, series)
  }

  deinit {
    opcodes.deallocate()
    endedRuns.deallocate()
    packets.deallocate()
  }

  /// What the observer of such limits takes, in bytes.
  public static func byteCount(_ limits: TelemetryLimits) -> Int {
    limits.capacity * TelemetryMemory.bytesPerQueuePair
  }

  /// Takes packets of a burst.
  ///
  /// - Parameter places: theirs, one bit for each.
  /// - Returns: the places of those that are of no queue pair that there is room for.
  public mutating func observe(_ places: UInt64, of burst: ObservedBurst) -> UInt64 {
    let others = place(places, of: burst)
    let count = (places & ~others).nonzeroBitCount
    guard count > 0 else { return others }
    directory = burst.directory
    let first = packets[0].nanoseconds
    if state.pointee.began == 0 { state.pointee.began = first }
    if state.pointee.gaps.hasPending { expireGaps(until: first) }
    take(count)
    if endedRunCount > 0 { countEndedRuns() }
    let last = packets[count &- 1].nanoseconds
    state.pointee.now = max(state.pointee.now, last)
    if last &- state.pointee.runsCounted > Self.mostBehind { countRuns(at: last) }
    anomalies.age(to: last)
    recorder?.pointee.add(packets, count)
    return others
  }

  /// Reads what packets say, and has the memory fetched that they touch.
  @inline(__always)
  private mutating func place(_ places: UInt64, of burst: ObservedBurst) -> UInt64 {
    var rest = places
    var others: UInt64 = 0
    var packet = packets
    while rest != 0 {
      let place = rest.trailingZeroBitCount
      rest &= rest &- 1
      guard let entry = burst.entries[place], let number = burst.directory.number(of: entry),
        number < limits.capacity
      else {
        others |= 1 &<< UInt64(place)
        continue
      }
      cdpdk_prefetch_to_write(records + number)
      let headers = burst.headers + place
      let bytes = UnsafeRawPointer(burst.starts[place])
      let facts = PacketFacts(headers, bytes, opcodes)
      packet.initialize(
        to: ObservedPacket(
          headers: headers, bytes: bytes, entry: entry, nanoseconds: burst.times[place],
          number: UInt32(truncatingIfNeeded: number), length: burst.lengths[place],
          owner: entry.pointee.owner, facts: facts, icrc: headers.pointee.icrc))
      packet += 1
    }
    return others
  }

  /// Nanoseconds for which runs of alike values wait for a burst after which they are counted.
  private static var mostBehind: UInt64 { 1_000_000 }

  /// One packet after the other, in their order.
  @inline(__always)
  private mutating func take(_ count: Int) {
    var unusual: UInt32 = 0
    var notCapable: UInt32 = 0
    for place in 0..<count {
      let packet = packets + place
      let record = records + Int(packet.pointee.number)
      guard isUsual(packet, record) else {
        unusual &+= 1
        takeUnusual(packet, record)
        continue
      }
      let facts = packet.pointee.facts
      keepTime(packet, record)
      record.pointee.run.add(opcodes[Int(facts.opcode)].step)
      notCapable &+= facts.kind.isNotCapable
      follow(packet, record, RecordCounts(notECT: UInt64(facts.kind.isNotCapable)))
    }
    let usual = UInt32(truncatingIfNeeded: count) &- unusual
    anomalies.countData(notCapable: notCapable, capable: usual &- notCapable)
  }

  /// Whether the packet is the request that is expected and all else is as before: one comparison
  /// for everything.
  @inline(__always)
  private func isUsual(_ packet: Packet, _ record: Record) -> Bool {
    let capability = OperationKind.capable.rawValue | OperationKind.notCapable.rawValue
    let kinds =
      OperationKind.request.rawValue | OperationKind.read.rawValue | OperationKind.atomic.rawValue
      | OperationKind.marked.rawValue
    let flags =
      QueuePairRecord.Flag.isKnown | QueuePairRecord.Flag.isRewound
      | QueuePairRecord.Flag.hasOpenRead | capability
    let kind = packet.pointee.facts.kind.rawValue
    let wanted = QueuePairRecord.Flag.isKnown | kind & capability
    let different =
      (record.pointee.owner ^ packet.pointee.owner)
      | (record.pointee.expected ^ packet.pointee.facts.word) & 0xff_ffff
      | UInt32((record.pointee.flags & flags) ^ wanted)
      | UInt32((kind & kinds) ^ OperationKind.request.rawValue)
      | UInt32(packet.pointee.icrc.rawValue)
      | record.pointee.run.difference(to: opcodes[Int(packet.pointee.facts.opcode)].run)
    return different == 0
  }

  @inline(never)
  private mutating func takeUnusual(_ packet: Packet, _ record: Record) {
    if record.pointee.owner != packet.pointee.owner { begin(packet, record) }
    keepTime(packet, record)
    let kind = packet.pointee.facts.kind
    tally(packet.pointee.facts.opcode, record)
    if kind.contains(.request) {
      anomalies.countData(notCapable: kind.isNotCapable, capable: 1 &- kind.isNotCapable)
    }
    // What the receiver throws away is no part of a sequence.
    if packet.pointee.icrc != .unchecked, !check(packet, record) { return }
    if kind.contains(.marked) { mark(packet, record) }
    if kind.contains(.request) {
      noteECN(packet, record)
      request(packet, record)
    } else {
      answer(packet, record)
    }
  }

  /// Bytes, bursts, and what the receiver gets.
  @inline(__always)
  private mutating func keepTime(_ packet: Packet, _ record: Record) {
    let now = packet.pointee.nanoseconds
    let length = packet.pointee.length
    record.pointee.bytes &+= UInt64(length)
    state.pointee.sizes.add(UInt64(length), to: distributions.pointee.packetSize)
    let before = record.pointee.lastSeen
    let receiver = receivers + Int(record.pointee.receiver)
    if !receiver.pointee.bursts.addWithin(UInt64(length), at: now, length: limits.bin) {
      addElsewhere(receiver, UInt64(length), at: now)
    }
    // Of the packets of a queue pair in one window, the first says who sends.
    let shift = FanInWindows.usualShift
    if (now ^ before) &>> shift != 0,
      !receiver.pointee.fanIn.addWithin(sender: record.pointee.sender, at: now, shift: shift)
    {
      join(receiver, record, at: now)
    }
    let silence = Int64(bitPattern: now &- before)
    if silence > 0 {
      if silence > Int64(bitPattern: limits.burstGap) { endBurst(record, UInt64(silence)) }
      record.pointee.lastSeen = now
    }
    record.pointee.burstBytes &+= length
  }

  /// The packet is in another bin of its receiver's.
  @inline(never)
  private mutating func addElsewhere(
    _ receiver: UnsafeMutablePointer<Receiver>, _ bytes: UInt64, at now: UInt64
  ) {
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

  @inline(__always)
  private mutating func endBurst(_ record: Record, _ silence: UInt64) {
    distributions.pointee.idleGap.tally(silence)
    state.pointee.burstLengths.add(
      UInt64(record.pointee.burstBytes), to: distributions.pointee.burstLength)
    record.pointee.burstBytes = 0
  }

  /// Brings the runs of alike values to their distributions.
  @inline(never)
  mutating func countRuns(at now: UInt64) {
    state.pointee.sizes.end(distributions.pointee.packetSize)
    state.pointee.burstLengths.end(distributions.pointee.burstLength)
    state.pointee.messageSizes.end(distributions.pointee.messageSize)
    state.pointee.runsCounted = now
  }

  @inline(__always)
  func add(_ value: UInt64, to metric: Metric, of number: Int) {
    self.value(of: metric, of: number).pointee &+= value
  }

  /// Where a queue pair has a metric that its record does not have.
  @inline(__always)
  func value(of metric: Metric, of number: Int) -> UnsafeMutablePointer<UInt64> {
    used[number].insert(metric)
    return (values + number) + metric.rawValue
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
