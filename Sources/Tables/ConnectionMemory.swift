// SPDX-License-Identifier: BSD-3-Clause

/// Requests to connect that may be replied to: a fixed room in which a newer one takes the place of
/// an older one.
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

  private static let count = 1024
  private let requests: UnsafeMutablePointer<Request>
  private let hash: FlowHash

  init(_ hash: FlowHash) {
    self.hash = hash
    requests = .allocate(capacity: Self.count)
    requests.initialize(repeating: Request(), count: Self.count)
  }

  deinit { requests.deallocate() }

  /// Keeps a request; what was known of one that is only sent again stays.
  func remember(_ request: Request) {
    let place = place(of: request.identifier, request.ends)
    let old = place.pointee
    let isRepeated =
      old.ends == request.ends && old.identifier == request.identifier
      && old.queuePair == request.queuePair && old.sequence == request.sequence
    if !isRepeated { place.pointee = request }
  }

  /// The request that a reply answers, the first time that it does so.
  func request(
    _ identifier: UInt32, between ends: FlowKey, answeredWith queuePair: UInt32
  ) -> Request? {
    let place = place(of: identifier, ends)
    guard place.pointee.ends == ends, place.pointee.identifier == identifier,
      place.pointee.queuePair != 0, place.pointee.answer != queuePair
    else { return nil }
    place.pointee.answer = queuePair
    return place.pointee
  }

  private func place(of identifier: UInt32, _ ends: FlowKey) -> UnsafeMutablePointer<Request> {
    var key = ends
    key.words[4] ^= UInt64(identifier)
    return requests + Int(truncatingIfNeeded: hash(key) % UInt64(Self.count))
  }
}
