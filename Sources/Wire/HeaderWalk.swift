// SPDX-License-Identifier: BSD-3-Clause

/// A parse under way: which bytes may be read, and what was found so far.
///
/// Each protocol adds a method that reads its header and calls the one for what follows. All
/// offsets stay below `readable` plus one header, so sums of them cannot overflow.
struct HeaderWalk {
  let bytes: UnsafeRawPointer
  /// The bytes that may be read: the captured ones, up to where the network packet ends.
  var readable: Int
  /// Where the network packet ends on the wire; past `readable` when a snap length cut it.
  var wireEnd: Int
  /// What was found so far, in its place: a copy at the end would wait for the small stores.
  let headers: UnsafeMutablePointer<Headers>

  /// Offsets and `end` have 16 bits, so what lies beyond them counts as not captured.
  init(
    _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int,
    into headers: UnsafeMutablePointer<Headers>
  ) {
    self.bytes = bytes
    self.headers = headers
    headers.pointee = Headers()
    readable = min(max(captured, 0), Int(UInt16.max))
    wireEnd = max(wireLength, readable)
  }

  func has(_ count: Int, at offset: Int) -> Bool { offset + count <= readable }

  /// Keeps the first thing that is wrong; what is named later often follows from it.
  func note(_ malformation: Malformation) {
    if headers.pointee.malformation == .none { headers.pointee.malformation = malformation }
  }

  /// Leaves out what follows `end`: padding, or bytes that no header accounts for.
  mutating func limit(to end: Int) {
    wireEnd = min(wireEnd, end)
    readable = min(readable, end)
  }
}
