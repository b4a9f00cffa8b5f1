// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// Events of one observer in a fixed room: one of each kind may go on; those that ended are kept
/// until there are too many. So an anomaly that lasts is one event, however often it is noticed.
struct EventMemory: BitwiseCopyable {
  /// What is kept of an event.
  struct Record: BitwiseCopyable {
    var kind: UInt8 = 0
    var isOpen = false
    var keyCount: UInt8 = 0
    var start: UInt64 = 0
    var end: UInt64 = 0
    var occurrences: UInt64 = 0
    var queuePairs: UInt64 = 0
    var lastQueuePair: UInt32 = .max
    /// Whether the first key is only that of a receiver; or the sender of pause frames.
    var isOfReceiver = false
    var stopper: UInt64 = 0
    var evidence: InlineArray<3, UInt64> = [0, 0, 0]
    var keys = InlineArray<8, FlowKey>(repeating: FlowKey())
  }

  /// The kind's event that goes on, by kind.
  let open: UnsafeMutablePointer<Record>
  /// The latest that ended; number `n` is at `n` modulo the capacity.
  let ended: UnsafeMutablePointer<Record>
  var endedCount: UInt64 = 0
  /// How often an event began, by kind: what a capture waits for.
  let begun: UnsafeMutablePointer<UInt64>
  private let quiet: UInt64

  static var capacity: Int { 256 }
  /// One more than the last: a list of all would have to be allocated.
  static var kinds: Int { Int(TelemetryEvent.Kind.queuePairError.rawValue) + 1 }
  static var byteCount: Int {
    (capacity + kinds) * MemoryLayout<Record>.stride
  }

  /// - Parameter begun: a counter for each kind, which lives longer.
  init(quiet: UInt64, begun: UnsafeMutablePointer<UInt64>) {
    open = .allocate(capacity: Self.kinds)
    open.initialize(repeating: Record(), count: Self.kinds)
    ended = .allocate(capacity: Self.capacity)
    ended.initialize(repeating: Record(), count: Self.capacity)
    self.begun = begun
    self.quiet = quiet
  }

  func free() {
    open.deallocate()
    ended.deallocate()
  }

  /// The event that this belongs to: the one that goes on, or a new one.
  mutating func note(
    _ kind: TelemetryEvent.Kind, from start: UInt64, at now: UInt64
  ) -> UnsafeMutablePointer<Record> {
    let record = open + Int(kind.rawValue)
    if record.pointee.isOpen, isOver(record, at: now) { close(record) }
    if !record.pointee.isOpen {
      record.pointee = Record()
      record.pointee.kind = kind.rawValue
      record.pointee.isOpen = true
      record.pointee.start = start
      record.pointee.end = now
      begun[Int(kind.rawValue)] &+= 1
    }
    record.pointee.end = max(record.pointee.end, now)
    record.pointee.occurrences &+= 1
    return record
  }

  private func isOver(_ record: UnsafeMutablePointer<Record>, at now: UInt64) -> Bool {
    now > record.pointee.end && now &- record.pointee.end > quiet
  }

  private mutating func close(_ record: UnsafeMutablePointer<Record>) {
    record.pointee.isOpen = false
    ended[Int(endedCount % UInt64(Self.capacity))] = record.pointee
    endedCount &+= 1
  }

  /// Ends what was not seen for long.
  mutating func age(to now: UInt64) {
    for kind in 0..<Self.kinds {
      let record = open + kind
      if record.pointee.isOpen, isOver(record, at: now) { close(record) }
    }
  }
}

extension EventMemory.Record {
  /// Says whose link it is at.
  mutating func concern(receiver key: FlowKey) {
    isOfReceiver = true
    keys[0] = key
  }

  /// Says that a queue pair is concerned.
  mutating func concern(_ number: UInt32, _ key: FlowKey) {
    guard number != lastQueuePair else { return }
    lastQueuePair = number
    for place in 0..<Int(keyCount) where keys[place] == key { return }
    queuePairs &+= 1
    guard keyCount < 8 else { return }
    keys[Int(keyCount)] = key
    keyCount &+= 1
  }
}
