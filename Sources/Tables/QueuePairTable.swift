// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// The queue pairs that packets go to, each paired with that of the opposite direction.
///
/// A packet of a reliable connection names its destination queue pair only. Which of the opposite
/// direction belongs to it is learnt from the communication manager's messages; else from answers:
/// an acknowledgement names the sequence number of a request that went the other way.
public struct QueuePairTable: ~Copyable {
  /// Answers in a row that must name one and the same flow's requests, with different numbers. One
  /// may name a number that another connection between the same ends happens to have used within a
  /// second as well, which is likely where all begin with the same number; that the next two do so
  /// too, while no two requests had the same number, is not.
  public static let neededEvidence: UInt32 = 3
  /// Packets for which a flow that finds no pair is watched all the time.
  static let patience: UInt64 = 32
  /// One of 64 milliseconds (2^20 ns) all flows are watched: those whose patience ended, and pairs,
  /// whether answers contradict them. A request and its answer mostly fall into the same one.
  private static func isWatchful(_ nanoseconds: UInt64) -> Bool { nanoseconds &>> 20 & 63 == 0 }

  public var flows: FlowTable
  public private(set) var counts = PairCounts()
  private let requests: RequestMemory
  private let connections: ConnectionMemory

  public init(_ flows: consuming FlowTable) {
    requests = RequestMemory(flows.hash)
    connections = ConnectionMemory(flows.hash)
    self.flows = flows
  }

  /// Finds the queue pairs of the first `count` look-ups. A message of the communication manager,
  /// which may change what packets behind it belong to, is the last of them and watched first.
  ///
  /// - Returns: the look-ups whose packets are to be watched, one bit each.
  @inline(__always)
  public mutating func find(_ count: Int, continues: Bool) -> UInt64 {
    let watched = flows.find(count, continues: continues)
    guard count > 0, Self.isWatchful(flows.lookups[0].nanoseconds) else { return watched }
    return ~0 &>> UInt64(64 &- count)
  }

  /// Looks at a packet for what it says of pairs.
  @inline(__always)
  public mutating func watch(
    _ number: Int, _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer
  ) {
    let lookup = flows.lookups + number
    guard let entry = lookup.pointee.entry else { return }
    if entry.pointee.packets >= Self.patience { entry.pointee.set(.watched, false) }
    let layers = headers.pointee.layers.rawValue
    if layers & (Layers.aeth.rawValue | Layers.cm.rawValue) != 0 {
      return watchAnswer(number, headers, bytes)
    }
    guard !entry.pointee.has(.paired) else { return }
    let transport = bytes + headers.pointee[.rdma]
    let sequence = transport.networkUInt32(at: 8)
    guard Self.asksForAnswer(transport.load(as: UInt8.self), sequence) else { return }
    requests.remember(
      sequence & 0xff_ffff, of: flows.number(of: entry), UnsafePointer(lookup))
  }

  /// Whether an answer is likely to name the request: it asks for an acknowledgement, or is a read
  /// or an atomic operation; of a reliable connection, extended or dynamic ones too.
  @inline(__always)
  private static func asksForAnswer(_ opcode: UInt8, _ flags: UInt32) -> Bool {
    let transports: UInt8 = 1 << 0 | 1 << 2 | 1 << 5
    guard transports &>> (opcode &>> 5) & 1 != 0 else { return false }
    let operations: UInt32 = 1 << 0x0c | 1 << 0x13 | 1 << 0x14
    return flags &>> 31 | operations &>> UInt32(opcode & 0x1f) & 1 != 0
  }

  @inline(never)
  private mutating func watchAnswer(
    _ number: Int, _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer
  ) {
    let lookup = flows.lookups + number
    if headers.pointee.layers.contains(.cm) {
      return connect(lookup, headers.pointee.layers, bytes + headers.pointee[.operation])
    }
    guard headers.pointee.layers.contains(.ack), let entry = lookup.pointee.entry else { return }
    let sequence = (bytes + headers.pointee[.rdma]).networkUInt32(at: 8) & 0xff_ffff
    let mine = flows.number(of: entry)
    var opposite = lookup.pointee
    opposite.key = lookup.pointee.key.reversed(to: 0)
    guard let asker = requests.flow(thatAsked: sequence, &opposite), asker != mine,
      flows.entries[Int(asker)].key.with(queuePair: 0) == opposite.key
    else { return }
    weigh(mine, asker, sequence)
  }

  /// Counts an answer on flow `mine` to a request of flow `asker`.
  private mutating func weigh(_ mine: UInt32, _ asker: UInt32, _ sequence: UInt32) {
    let details = flows.details + Int(mine)
    let reference = flows.reference(to: asker)
    if details.pointee.peer == reference { return }
    if details.pointee.candidate != reference {
      details.pointee.candidate = reference
      details.pointee.evidence = 0
    } else if details.pointee.answered == sequence {
      // An answer that was sent twice says nothing new.
      return
    }
    details.pointee.answered = sequence
    details.pointee.evidence &+= 1
    guard details.pointee.evidence >= Self.neededEvidence else { return }
    separate(mine)
    separate(asker)
    flows.pair(mine, asker)
    counts.bySequence &+= 1
  }

  /// Takes a pair apart that answers contradict.
  private mutating func separate(_ flow: UInt32) {
    guard flows.isPaired(flow) else { return }
    flows.unpair(flow)
    counts.contradicted &+= 1
  }
}

/// Messages of the communication manager (InfiniBand Architecture Specification, volume 1, 12.6).
/// Offsets count from the management datagram, whose header has 24 bytes.
extension QueuePairTable {
  private mutating func connect(
    _ lookup: UnsafeMutablePointer<FlowLookup>, _ layers: Layers, _ message: UnsafeRawPointer
  ) {
    let key = lookup.pointee.key
    if layers.contains(.cmRequest) {
      connections.remember(
        ConnectionMemory.Request(
          ends: key.with(queuePair: 0), identifier: message.networkUInt32(at: 24),
          queuePair: message.networkUInt32(at: 56) &>> 8,
          sequence: message.networkUInt32(at: 68) &>> 8))
    } else if layers.contains(.cmReply) {
      let queuePair = message.networkUInt32(at: 36) &>> 8
      let request = connections.request(
        message.networkUInt32(at: 28), between: key.reversed(to: 0), answeredWith: queuePair)
      guard let request else { return }
      begin(
        request.ends.with(queuePair: queuePair), key.with(queuePair: request.queuePair),
        at: lookup.pointee.nanoseconds)
    } else if layers.contains(.cmDisconnect) {
      end(key.with(queuePair: message.networkUInt32(at: 32) &>> 8))
    }
  }

  /// Both directions of a new connection: if their queue pairs were in use, that is over.
  private mutating func begin(_ one: FlowKey, _ other: FlowKey, at time: UInt64) {
    guard one != other, let first = obtainAnew(one, at: time),
      let second = obtainAnew(other, at: time)
    else { return }
    flows.pair(first, second)
    counts.byConnection &+= 1
  }

  private mutating func obtainAnew(_ key: FlowKey, at time: UInt64) -> UInt32? {
    guard let entry = flows.obtain(key, at: time) else { return nil }
    let number = flows.number(of: entry)
    guard entry.pointee.packets > 0 || flows.isPaired(number) else { return number }
    flows.counts.reconnected &+= 1
    flows.begin(number, at: time)
    return number
  }

  /// The connection's directions keep their counters until their queue pairs are used again.
  private mutating func end(_ key: FlowKey) {
    guard let entry = flows.entry(with: key, flows.hash(key)) else { return }
    let number = flows.number(of: entry)
    let peer = flows.resolve(flows.details[Int(number)].peer)
    flows.unpair(number)
    entry.pointee.set(.ended, true)
    if let peer { flows.entries[Int(peer)].set(.ended, true) }
  }
}

/// How pairs were found, since the start.
@frozen
public struct PairCounts: BitwiseCopyable, Equatable, Sendable {
  public var byConnection: UInt64 = 0
  public var bySequence: UInt64 = 0
  /// Pairs that were taken apart since answers said something else.
  public var contradicted: UInt64 = 0

  public init() {}
}
