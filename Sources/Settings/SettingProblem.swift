// SPDX-License-Identifier: BSD-3-Clause

/// What is wrong with the text of one value; offset and length count characters of that text.
public struct SettingProblem: Error, Sendable {
  public var message: String
  public var offset: Int
  public var length: Int
  /// What to do about it.
  public var fix: String?

  public init(message: String, offset: Int, length: Int, fix: String? = nil) {
    self.message = message
    self.offset = offset
    self.length = length
    self.fix = fix
  }

  /// A problem of the whole text.
  public init(_ message: String, in text: some StringProtocol, fix: String? = nil) {
    self.init(message: message, offset: 0, length: text.count, fix: fix)
  }
}

/// Thrown by a stage's initializer when its settings cannot hold together.
public struct SettingsError: Error, Sendable {
  /// The name of the setting to blame.
  public let setting: String
  public let message: String
  public let fix: String?
  /// Where that setting was written, when the thrower knew; inside a record it should.
  public let location: SourceLocation?

  public init(
    setting: String, message: String, fix: String? = nil, location: SourceLocation? = nil
  ) {
    self.setting = setting
    self.message = message
    self.fix = fix
    self.location = location
  }
}
