// SPDX-License-Identifier: BSD-3-Clause
import Spelling

/// The values given to one set of declarations, complete with defaults.
public struct SettingValues: Sendable {
  private var values: [String: SettingValue] = [:]
  private var locations: [String: SourceLocation] = [:]
  /// The names that were written, in their order; defaults are not among them.
  public private(set) var given: [String] = []
  /// Where the settings as a whole stand, when they were read from a file.
  public var location: SourceLocation?

  public init() {}

  /// The value of `setting`, which must be one of the declarations that these were read by.
  public subscript<Value>(setting: Setting<Value>) -> Value {
    guard let value = values[setting.name].flatMap(setting.unwrap) ?? setting.absent else {
      preconditionFailure("setting '\(setting.name)' was not among the declarations read")
    }
    return value
  }

  /// The value by its name, for stages whose settings are a table of their own.
  public subscript(name: String) -> SettingValue? { values[name] }

  /// Whether the setting was written, rather than left to its default.
  public func isGiven(_ setting: some SettingDeclaration) -> Bool {
    given.contains(setting.name)
  }

  /// Where the value stands in its file, when it was written there.
  public func location(of setting: some SettingDeclaration) -> SourceLocation? {
    locations[setting.name]
  }

  /// Where the value with that name stands in its file, when it was written there.
  public func location(ofName name: String) -> SourceLocation? { locations[name] }

  /// Takes a value that was written in a file or on a command line.
  public mutating func give(_ value: SettingValue, to name: String, at location: SourceLocation?) {
    values[name] = value
    if !given.contains(name) { given.append(name) }
    locations[name] = location
  }

  /// Takes the default of a setting that was not written.
  public mutating func assume(_ value: SettingValue, for name: String) {
    values[name] = value
  }

  /// A complaint about one setting, for a stage's initializer to throw; it knows its place.
  public func error(
    _ setting: some SettingDeclaration, _ message: String, fix: String? = nil
  ) -> SettingsError {
    SettingsError(
      setting: setting.name, message: message, fix: fix,
      location: locations[setting.name] ?? location)
  }

  /// The complaint at the place of its setting, or at `elsewhere` when that was not written.
  public func diagnostic(for error: SettingsError, elsewhere: SourceLocation) -> Diagnostic {
    let place = error.location ?? locations[error.setting] ?? location ?? elsewhere
    return Diagnostic(.error, at: place, error.message, fix: error.fix)
  }
}

extension SettingValues {
  /// Reads values from texts, as tests, commands and defaults give them.
  public init(
    _ declarations: [any SettingDeclaration], _ texts: KeyValuePairs<String, String> = [:]
  ) throws(SettingsError) {
    self.init()
    for (name, text) in texts {
      guard let declaration = declarations.first(where: { $0.name == name }) else {
        let meant = Spelling.nearest(to: name, among: declarations.map(\.name))
        throw SettingsError(
          setting: name, message: "unknown setting '\(name)'",
          fix: meant.map { "did you mean '\($0)'?" })
      }
      give(try SettingValues.parse(text, declaration), to: name, at: nil)
    }
    for declaration in declarations where values[declaration.name] == nil {
      switch declaration.presence {
      case .optional: break
      case .defaultValue(let text):
        assume(try SettingValues.parse(text, declaration), for: declaration.name)
      case .required:
        throw SettingsError(
          setting: declaration.name, message: "missing setting '\(declaration.name)'")
      }
    }
  }

  private static func parse(
    _ text: String, _ declaration: any SettingDeclaration
  ) throws(SettingsError) -> SettingValue {
    do throws(SettingProblem) {
      return try declaration.kind.parse(text)
    } catch {
      throw SettingsError(setting: declaration.name, message: error.message, fix: error.fix)
    }
  }
}
