// SPDX-License-Identifier: BSD-3-Clause

/// What a look at a packet's checksum finds.
@frozen
public enum ChecksumState: Sendable, BitwiseCopyable {
  case correct
  case wrong
  /// A UDP checksum, or an MPA CRC, of 0: the sender computed none.
  case absent
  /// There is no such header, or bytes that the sum covers are missing: cut, or in a fragment.
  case unknown
}

/// Checksums of a parsed packet: `bytes` is its start and `headers` what `parse` found.
///
/// Out of the fast path: they read the whole packet; a changed field needs `updated` instead.
extension Checksum {
  /// What the IPv4 header's checksum field has to hold; nil without that header.
  public static func ipv4Header(of bytes: UnsafeRawPointer, _ headers: Headers) -> UInt16? {
    guard headers.layers.contains(.ipv4) else { return nil }
    let header = bytes + headers[.network]
    // The field itself, bytes 10 and 11, counts as 0.
    var checksum = Checksum()
    checksum.add(header, count: 10)
    checksum.add(header + 12, count: headers[.transport] - headers[.network] - 12)
    return checksum.value
  }

  public static func ipv4HeaderState(of bytes: UnsafeRawPointer, _ headers: Headers)
    -> ChecksumState
  {
    guard let expected = ipv4Header(of: bytes, headers) else { return .unknown }
    let found = bytes.networkUInt16(at: headers[.network] + 10)
    return isSame(found, expected) ? .correct : .wrong
  }

  /// What the checksum field of the UDP, TCP or ICMP header has to hold, UDP's never 0; nil
  /// without such a header, in a fragment, when not all of the packet is captured, or when the
  /// sum needs the final destination of a source-routed packet (RFC 8200 section 8.1).
  public static func transport(of bytes: UnsafeRawPointer, _ headers: Headers) -> UInt16? {
    guard let field = fieldOffset(headers.layers),
      headers.layers.isDisjoint(with: [.fragment, .sourceRouted]),
      let length = transportLength(of: bytes, headers)
    else { return nil }
    let header = bytes + headers[.transport]
    var checksum = pseudoHeader(of: bytes, headers, length: length)
    checksum.add(header, count: field)
    checksum.add(header + field + 2, count: length - field - 2)
    return headers.layers.contains(.udp) ? udpValue(checksum.value) : checksum.value
  }

  public static func transportState(of bytes: UnsafeRawPointer, _ headers: Headers)
    -> ChecksumState
  {
    guard let field = fieldOffset(headers.layers) else { return .unknown }
    let found = bytes.networkUInt16(at: headers[.transport] + field)
    if found == 0, headers.layers.contains(.udp) { return .absent }
    guard let expected = transport(of: bytes, headers) else { return .unknown }
    return isSame(found, expected) ? .correct : .wrong
  }

  /// A receiver's sum does not tell the two forms of zero apart, so neither is wrong.
  private static func isSame(_ one: UInt16, _ other: UInt16) -> Bool {
    (one == 0xffff ? 0 : one) == (other == 0xffff ? 0 : other)
  }

  private static func fieldOffset(_ layers: Layers) -> Int? {
    if layers.contains(.udp) { return 6 }
    if layers.contains(.tcp) { return 16 }
    return layers.contains(.icmp) || layers.contains(.icmpv6) ? 2 : nil
  }

  /// How many bytes the sum covers: what the UDP length says, or all up to the packet's end; nil
  /// when they are not all there.
  private static func transportLength(of bytes: UnsafeRawPointer, _ headers: Headers) -> Int? {
    guard headers.malformation == .none, packetEnd(of: bytes, headers) <= headers.end else {
      return nil
    }
    let present = Int(headers.end) - headers[.transport]
    guard headers.layers.contains(.udp) else { return present }
    let length = Int(bytes.networkUInt16(at: headers[.transport] + 4))
    return length >= UDP.headerLength && length <= present ? length : nil
  }

  /// Where the IP packet ends by its own account, captured or not.
  private static func packetEnd(of bytes: UnsafeRawPointer, _ headers: Headers) -> Int {
    let network = headers[.network]
    return headers.layers.contains(.ipv4)
      ? network + Int(bytes.networkUInt16(at: network + 2))
      : network + IPv6.headerLength + Int(bytes.networkUInt16(at: network + 4))
  }

  /// Addresses, length and protocol (RFC 9293 section 3.1, RFC 8200 section 8.1); ICMPv4 has none.
  private static func pseudoHeader(
    of bytes: UnsafeRawPointer, _ headers: Headers, length: Int
  ) -> Checksum {
    var checksum = Checksum()
    guard !headers.layers.contains(.icmp) else { return checksum }
    let network = bytes + headers[.network]
    if headers.layers.contains(.ipv4) {
      checksum.add(network + 12, count: 8)
    } else {
      checksum.add(network + 8, count: 32)
    }
    checksum.add(UInt32(truncatingIfNeeded: length))
    checksum.add(UInt16(headers.ipProtocol))
    return checksum
  }
}
