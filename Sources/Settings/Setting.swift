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
public enum SettingPresence: Sendable, Equatable {
  case required
  case optional
  /// The default as a user would write it.
  case defaultValue(String)
}

/// A setting whose value has the Swift type `Value`; `Optional` where it need not be given.
///
/// Made by `.integer(...)`, `.duration(...)` and so on: without a default a setting is required,
/// and one that is declared as `Setting<Int?>` may be left out.
public struct Setting<Value: Sendable>: SettingDeclaration {
  public let name: String
  public let kind: SettingKind
  public let presence: SettingPresence
  public let help: String
  let unwrap: @Sendable (SettingValue) -> Value?
  /// What reading the setting gives when it was left out; nil where that cannot be.
  let absent: Value?

  /// A setting that must be given, or has a default.
  init(_ name: String, _ form: SettingForm<Value>, default text: String?, _ help: String) {
    self.name = name
    self.kind = form.kind
    self.presence = text.map { .defaultValue($0) } ?? .required
    self.help = help
    self.unwrap = form.unwrap
    self.absent = nil
  }

  /// A setting that may be left out.
  init<Wrapped>(_ name: String, optional form: SettingForm<Wrapped>, _ help: String)
  where Value == Wrapped? {
    self.name = name
    self.kind = form.kind
    self.presence = .optional
    self.help = help
    self.unwrap = { form.unwrap($0).map { .some($0) } }
    self.absent = .some(nil)
  }
}
