// SPDX-License-Identifier: BSD-3-Clause

/// An address block of either version, such as `10.9.0.0/16`.
public struct IPPrefix: Hashable, Sendable {
  public enum Address: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)
  }
  public let address: Address
  public let length: Int

  /// The block of `length` leading bits that `address` lies in; nil when the length is too great.
  public init?(_ address: Address, length: Int) {
    switch address {
    case .v4(let address):
      guard (0...32).contains(length) else { return nil }
      self.address = .v4(IPv4Address(value: address.value & (UInt32.max << UInt32(32 - length))))
    case .v6(let address):
      guard (0...128).contains(length) else { return nil }
      let high = address.high & (UInt64.max << UInt64(max(0, 64 - length)))
      let low = address.low & (UInt64.max << UInt64(min(64, 128 - length)))
      self.address = .v6(IPv6Address(high: high, low: low))
    }
    self.length = length
  }
}

extension IPPrefix: CustomStringConvertible {
  /// Reads `address/length`, or one address. An address with bits set past the length is refused.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = Address(parts[0]) else { return nil }
    guard let length = parts.count == 1 ? address.bits : prefixLength(parts[1]),
      let prefix = IPPrefix(address, length: length), prefix.address == address
    else { return nil }
    self = prefix
  }

  public var description: String { "\(address)/\(length)" }
}

extension IPPrefix.Address: CustomStringConvertible {
  public init?(_ text: some StringProtocol) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  /// The length of the address in bits: 32 or 128.
  public var bits: Int {
    switch self {
    case .v4: 32
    case .v6: 128
    }
  }

  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}

/// One to three digits, so that the number cannot overflow.
func prefixLength(_ text: some StringProtocol) -> Int? {
  guard (1...3).contains(text.utf8.count),
    text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
  else { return nil }
  return Int(text)
}
