// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// What a setting's value may be.
public indirect enum SettingKind: Sendable {
  case boolean
  case integer(ClosedRange<Int>)
  /// A number with a unit, which must be written: `50us`, `100Gbps`, `400KB`, `10Mpps`, `20%`.
  case quantity(Quantity, ClosedRange<Double>)
  case text
  /// A word of letters, digits, `-`, `_` and `.`.
  case identifier
  case choice([String])
  case path
  case macAddress
  case ipv4Address
  case ipv6Address
  /// An address of either version.
  case ipAddress
  case ipPrefix
  /// The name of a port of the file.
  case port
  /// The name of a pipeline of the file.
  case pipeline
  /// A condition over packet fields, such as `ip.dscp in {24, 26} and udp`.
  case expression
  /// A value for a field of a packet, as that field's values are written.
  case field(Field)
  case list(SettingKind)
  case record([any SettingDeclaration])
  /// Values for fields that can be written: `{ip.dscp: 26, eth.dst: …}`.
  case assignments
}

extension SettingKind: CustomStringConvertible {
  /// What to write, with its article: `a whole number from 1 to 64`.
  public var description: String {
    switch self {
    case .boolean: "true or false"
    case .integer(let range): SettingKind.describe(range)
    case .quantity(let quantity, let range): SettingKind.describe(quantity, range)
    case .text: "text"
    case .identifier: "a name"
    case .choice(let names): names.alternatives
    case .path: "a path"
    case .macAddress: "a MAC address"
    case .ipv4Address: "an IPv4 address"
    case .ipv6Address: "an IPv6 address"
    case .ipAddress: "an IPv4 or IPv6 address"
    case .ipPrefix: "an IP prefix such as 10.9.0.0/16"
    case .port: "the name of a port"
    case .pipeline: "the name of a pipeline"
    case .expression: "a condition over packet fields"
    case .field(let field): field.kind.noun
    case .list(let element): "a list, each \(element)"
    case .record: "a mapping"
    case .assignments: "a mapping of fields to values"
    }
  }

  private static func describe(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (.min, .max): "a whole number"
    case (let low, .max): "a whole number, at least \(low)"
    case (.min, let high): "a whole number, at most \(high)"
    case (let low, let high): "a whole number from \(low) to \(high)"
    }
  }

  private static func describe(_ quantity: Quantity, _ range: ClosedRange<Double>) -> String {
    let low = quantity.text(for: range.lowerBound)
    let sample = "\(quantity.noun) such as \(quantity.sample)"
    guard range.upperBound < .infinity else {
      return range.lowerBound > 0 ? "\(sample), at least \(low)" : sample
    }
    return "\(quantity.noun) from \(low) to \(quantity.text(for: range.upperBound))"
  }
}
