// SPDX-License-Identifier: BSD-3-Clause

/// Requests to connect that may be replied to: a fixed room in which a newer one takes the place of
/// the oldest of its set.
struct ConnectionMemory: ~Copyable {
  /// What a request of the communication manager says.
  struct Request: BitwiseCopyable {
    /// Its ends, without a queue pair.
    var ends = FlowKey()
    /// The requester's number of the connection, its queue pair and its first sequence number.
    var identifier: UInt32 = 0
    var queuePair: UInt32 = 0
    var sequence: UInt32 = 0
    /// The queue pair that the responder replied with; 0, which no connection has, before that.
    var answer: UInt32 = 0
  }

  /// A job that begins opens many connections at once: of 1,000 requests that wait for their
  /// replies, about 4 find their set full.
  private static let setCount = 1024
  /// Places that a request may have; the newest comes first.
  private static let ways = 4
  private let requests: UnsafeMutablePointer<Request>
  private let hash: FlowHash

  init(_ hash: FlowHash) {
    self.hash = hash
    requests = .allocate(capacity: Self.setCount * Self.ways)
    requests.initialize(repeating: Request(), count: Self.setCount * Self.ways)
  }

  deinit { requests.deallocate() }

  /// Keeps a request; what was known of one that is only sent again stays.
  func remember(_ request: Request) {
    let set = set(of: request.identifier, request.ends)
    let old = place(of: request.identifier, request.ends, in: set)
    if let old, old.pointee.queuePair == request.queuePair,
      old.pointee.sequence == request.sequence
    {
      return
    }
    let last = old ?? set + (Self.ways - 1)
    (set + 1).update(from: set, count: last - set)
    set.pointee = request
  }

  /// The request that a reply answers, the first time that it does so.
  func request(
    _ identifier: UInt32, between ends: FlowKey, answeredWith queuePair: UInt32
  ) -> Request? {
    guard let place = place(of: identifier, ends, in: set(of: identifier, ends)),
      place.pointee.queuePair != 0, place.pointee.answer != queuePair
    else { return nil }
    place.pointee.answer = queuePair
    return place.pointee
  }

  private func set(of identifier: UInt32, _ ends: FlowKey) -> UnsafeMutablePointer<Request> {
    var key = ends
    key.words[4] ^= UInt64(identifier)
    return requests + Int(truncatingIfNeeded: hash(key) % UInt64(Self.setCount)) * Self.ways
  }

  private func place(
    of identifier: UInt32, _ ends: FlowKey, in set: UnsafeMutablePointer<Request>
  ) -> UnsafeMutablePointer<Request>? {
    for way in 0..<Self.ways
    where set[way].ends == ends && set[way].identifier == identifier {
      return set + way
    }
    return nil
  }
}
