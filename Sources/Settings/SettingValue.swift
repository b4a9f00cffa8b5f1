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
  case ipPrefix(IPPrefix)
  case expression(Expression)
  case list([SettingValue])
  case record(SettingValues)
}

/// The values given to one set of declarations, complete with defaults.
public struct SettingValues: Sendable {
  var values: [String: SettingValue] = [:]
  var locations: [String: SourceLocation] = [:]

  public init() {}

  /// The value of `setting`, which must be one of the declarations that these were read by.
  public subscript<Value>(setting: Setting<Value>) -> Value {
    guard let value = values[setting.name].flatMap(setting.unwrap) else {
      preconditionFailure("setting '\(setting.name)' was not among the declarations read")
    }
    return value
  }

  /// Where the value stands in its file, when it was written there.
  public func location<Value>(of setting: Setting<Value>) -> SourceLocation? {
    locations[setting.name]
  }
}
