// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// A value that was read and found to be of its setting's kind.
public indirect enum SettingValue: Sendable {
  case boolean(Bool)
  case integer(Int)
  /// In the base unit of its quantity: seconds, bits per second, bytes, packets per second, or
  /// a share of one.
  case quantity(Double)
  case text(String)
  case macAddress(MACAddress)
  case ipv4Address(IPv4Address)
  case ipv6Address(IPv6Address)
  case ipAddress(IPPrefix.Address)
  case ipPrefix(IPPrefix)
  case expression(Expression)
  case field(FieldValue)
  case list([SettingValue])
  case record(SettingValues)
  case assignments([FieldAssignment])
}

/// A field and what to write into it.
public struct FieldAssignment: Hashable, Sendable {
  public let field: Field
  public let value: FieldValue

  public init(field: Field, value: FieldValue) {
    self.field = field
    self.value = value
  }
}
