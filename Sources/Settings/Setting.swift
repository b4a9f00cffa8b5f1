// SPDX-License-Identifier: BSD-3-Clause

/// One thing that a stage, a port, a section of the pipeline file or a command can be told.
///
/// From this single declaration come parsing, validation, suggestions, `sluice stages`, the JSON
/// Schema for editors and the reference pages.
public protocol SettingDeclaration: Sendable {
  /// The key in the pipeline file, in kebab case.
  var name: String { get }
  var kind: SettingKind { get }
  var presence: SettingPresence { get }
  /// One line, without a full stop.
  var help: String { get }
}

/// Whether a setting must be given, and what holds when it is not.
public enum SettingPresence: Sendable {
  case required
  case optional
  /// The default as a user would write it.
  case defaultValue(String)
}

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
  case ipPrefix
  /// The name of a port of the file.
  case port
  /// The name of a pipeline of the file.
  case pipeline
  /// A condition over packet fields, such as `ip.dscp in {24, 26} and udp`.
  case expression
  case list(SettingKind)
  case record([any SettingDeclaration])
}

/// A setting whose value has the Swift type `Value`; `Optional` where it need not be given.
public struct Setting<Value: Sendable>: SettingDeclaration {
  public let name: String
  public let kind: SettingKind
  public let presence: SettingPresence
  public let help: String
  let unwrap: @Sendable (SettingValue) -> Value?

  init(
    _ name: String, _ kind: SettingKind, _ presence: SettingPresence, _ help: String,
    _ unwrap: @escaping @Sendable (SettingValue) -> Value?
  ) {
    self.name = name
    self.kind = kind
    self.presence = presence
    self.help = help
    self.unwrap = unwrap
  }
}
