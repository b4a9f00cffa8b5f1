// SPDX-License-Identifier: BSD-3-Clause

/// An Ethernet address, in the low 48 bits of `value`; the first byte on the wire is the highest.
@frozen
public struct MACAddress: Hashable, Sendable, BitwiseCopyable {
  public var value: UInt64
  @inlinable public init(value: UInt64) { self.value = value }
}

/// An IPv4 address in host order.
@frozen
public struct IPv4Address: Hashable, Sendable, BitwiseCopyable {
  public var value: UInt32
  @inlinable public init(value: UInt32) { self.value = value }
}

/// An IPv6 address as two halves in host order.
@frozen
public struct IPv6Address: Hashable, Sendable, BitwiseCopyable {
  public var high: UInt64
  public var low: UInt64
  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// An address block of either version, such as `10.9.0.0/16`.
public struct IPPrefix: Hashable, Sendable {
  public enum Address: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)
  }
  public let address: Address
  public let length: Int
  init(address: Address, length: Int) {
    self.address = address
    self.length = length
  }
}
