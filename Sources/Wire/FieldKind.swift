// SPDX-License-Identifier: BSD-3-Clause

/// What the bits of a field mean, and so how its values are written.
public enum FieldKind: Hashable, Sendable {
  case number(bits: Int)
  /// A number that is printed in hexadecimal, with all its digits.
  case hexadecimal(bits: Int)
  case named(FieldNames, bits: Int)
  case boolean
  /// A name that users choose.
  case trafficClass
  case mac, ipv4, ipv6
  /// An address of the version that the packet has.
  case ip
}

/// What a field holds.
@frozen
public enum FieldValue: Hashable, Sendable, BitwiseCopyable {
  /// Also of named values and classes, and 0 or 1 of a boolean.
  case number(UInt64)
  case mac(MACAddress)
  case ipv4(IPv4Address)
  case ipv6(IPv6Address)
}

extension FieldKind {
  /// The most bits that a value has.
  public var bits: Int {
    switch self {
    case .number(let bits), .hexadecimal(let bits), .named(_, let bits): bits
    case .boolean: 1
    case .trafficClass: 16
    case .mac: 48
    case .ipv4: 32
    case .ipv6, .ip: 128
    }
  }

  /// The greatest number of a field of up to 64 bits.
  var greatest: UInt64 { bits >= 64 ? .max : (1 << UInt64(bits)) - 1 }

  /// The value that these bits are, of a field with one place.
  func value(ofBits bits: UInt128) -> FieldValue {
    let low = UInt64(truncatingIfNeeded: bits)
    return switch self {
    case .mac: .mac(MACAddress(value: low))
    case .ipv4: .ipv4(IPv4Address(value: UInt32(truncatingIfNeeded: low)))
    case .ipv6, .ip: .ipv6(IPv6Address(high: UInt64(truncatingIfNeeded: bits >> 64), low: low))
    case .number, .hexadecimal, .named, .boolean, .trafficClass: .number(low)
    }
  }

  public var names: FieldNames? {
    if case .named(let names, _) = self { names } else { nil }
  }

  /// What a value is called in messages.
  public var noun: String {
    switch self {
    case .number, .hexadecimal: "a number"
    case .named: "a name or a number"
    case .boolean: "true or false"
    case .trafficClass: "the name of a class"
    case .mac: "a MAC address"
    case .ipv4: "an IPv4 address"
    case .ipv6: "an IPv6 address"
    case .ip: "an address"
    }
  }

  /// The value as people write it; `parse` reads it back.
  public func text(of value: FieldValue) -> String {
    switch value {
    case .number(let number): text(of: number)
    case .mac(let address): address.description
    case .ipv4(let address): address.description
    case .ipv6(let address): address.description
    }
  }

  private func text(of number: UInt64) -> String {
    switch self {
    case .boolean: number == 0 ? "false" : "true"
    case .trafficClass: TrafficClass.name(ofNumber: number) ?? String(number)
    case .hexadecimal(let bits): "0x" + hexadecimalText(number, digits: (bits + 3) / 4)
    case .named(let names, let bits):
      names.name(of: number)
        ?? (names.isHexadecimal
          ? "0x" + hexadecimalText(number, digits: (bits + 3) / 4) : String(number))
    default: String(number)
    }
  }
}
