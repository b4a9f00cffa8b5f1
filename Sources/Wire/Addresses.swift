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

extension MACAddress: Comparable, CustomStringConvertible {
  public static func < (left: MACAddress, right: MACAddress) -> Bool { left.value < right.value }

  /// Reads six bytes of two hexadecimal digits, with `:` or `-` between them.
  public init?(_ text: some StringProtocol) {
    let characters = Array(text.utf8)
    guard characters.count == 17 else { return nil }
    let separator = characters[2]
    guard separator == UInt8(ascii: ":") || separator == UInt8(ascii: "-") else { return nil }
    var value: UInt64 = 0
    for (position, character) in characters.enumerated() {
      if position % 3 == 2 {
        guard character == separator else { return nil }
      } else {
        guard let digit = hexadecimalDigit(character) else { return nil }
        value = value << 4 | UInt64(digit)
      }
    }
    self.init(value: value)
  }

  public var description: String {
    stride(from: 40, through: 0, by: -8)
      .map { hexadecimalText(value >> UInt64($0) & 0xff, digits: 2) }
      .joined(separator: ":")
  }
}

extension IPv4Address: Comparable, CustomStringConvertible {
  public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.value < right.value }

  /// Reads four decimal numbers. A leading zero, which some read as octal, is refused.
  public init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let byte = decimalByte(part) else { return nil }
      value = value << 8 | byte
    }
    self.init(value: value)
  }

  public var description: String {
    "\(value >> 24).\(value >> 16 & 0xff).\(value >> 8 & 0xff).\(value & 0xff)"
  }
}

private func decimalByte(_ digits: some Collection<UInt8>) -> UInt32? {
  guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0")
  else { return nil }
  var value: UInt32 = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
  }
  return value <= 255 ? value : nil
}

func hexadecimalDigit(_ character: UInt8) -> UInt8? {
  switch character {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
  default: nil
  }
}

/// The number with zeros in front up to `digits`, without `0x`.
func hexadecimalText(_ value: UInt64, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
