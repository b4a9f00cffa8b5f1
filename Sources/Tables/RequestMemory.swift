// SPDX-License-Identifier: BSD-3-Clause

/// Requests that may be answered soon, by their ends and sequence number: a fixed room in which a
/// newer one takes the place of an older one.
struct RequestMemory: ~Copyable {
  private static let placeBits: UInt64 = 12
  private static var count: Int { 1 << Int(placeBits) }
  /// How long a request is remembered, in units of time (2^20 ns): about a second.
  private static let span: UInt32 = 1000
  private static let ambiguous: UInt32 = 1 << 31

  private let requests: UnsafeMutablePointer<Request>
  private let hash: FlowHash

  private struct Request {
    /// A part of the hash of ends and sequence number.
    var check: UInt32 = 0
    /// The sequence number, and whether requests of several flows had it.
    var sequence: UInt32 = .max
    var flow: UInt32 = 0
    var time: UInt32 = 0
  }

  init(_ hash: FlowHash) {
    self.hash = hash
    requests = .allocate(capacity: Self.count)
    requests.initialize(repeating: Request(), count: Self.count)
  }

  deinit { requests.deallocate() }

  @inline(__always)
  func remember(_ sequence: UInt32, of flow: UInt32, _ lookup: UnsafePointer<FlowLookup>) {
    let (request, check) = place(of: sequence, lookup)
    let time = UInt32(truncatingIfNeeded: lookup.pointee.nanoseconds &>> 20)
    guard isIt(request, check, sequence, time) else {
      request.pointee = Request(check: check, sequence: sequence, flow: flow, time: time)
      return
    }
    if request.pointee.flow != flow { request.pointee.sequence |= Self.ambiguous }
    request.pointee.time = time
  }

  /// The flow whose request has the number that an answer names; nil when it is not remembered, or
  /// was several's. The look-up is the request's, not the answer's.
  func flow(
    thatAsked sequence: UInt32, _ lookup: UnsafePointer<FlowLookup>
  ) -> UInt32? {
    let (request, check) = place(of: sequence, lookup)
    let time = UInt32(truncatingIfNeeded: lookup.pointee.nanoseconds &>> 20)
    guard isIt(request, check, sequence, time),
      request.pointee.sequence & Self.ambiguous == 0
    else { return nil }
    return request.pointee.flow
  }

  @inline(__always)
  private func isIt(
    _ request: UnsafeMutablePointer<Request>, _ check: UInt32, _ sequence: UInt32, _ time: UInt32
  ) -> Bool {
    request.pointee.check == check && request.pointee.sequence & ~Self.ambiguous == sequence
      && time &- request.pointee.time <= Self.span
  }

  /// Where the request belongs: the queue pair does not count, since its answer names another one.
  @inline(__always)
  private func place(
    of sequence: UInt32, _ lookup: UnsafePointer<FlowLookup>
  ) -> (UnsafeMutablePointer<Request>, check: UInt32) {
    let last = lookup.pointee.key.words[4] & ~0xff_ffff | UInt64(sequence)
    let isNarrow = lookup.pointee.key.words[3] | lookup.pointee.key.words[2] == 0
    let hash =
      isNarrow ? hash.narrow(lookup.pointee.key.words[0], last) : wide(lookup, last)
    let place = Int(truncatingIfNeeded: hash &>> (64 &- Self.placeBits))
    return (requests + place, UInt32(truncatingIfNeeded: hash))
  }

  @inline(never)
  private func wide(_ lookup: UnsafePointer<FlowLookup>, _ last: UInt64) -> UInt64 {
    var key = lookup.pointee.key
    key.words[4] = last
    return hash(key)
  }
}
