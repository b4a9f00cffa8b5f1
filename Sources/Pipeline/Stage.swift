// SPDX-License-Identifier: BSD-3-Clause
public import Settings

/// One step of a pipeline. It is called once per burst and sees the packets of a selection.
///
/// A stage belongs to one worker: nothing in it is shared, so nothing in it is locked. `process`
/// must not allocate, throw, or touch reference-counted values; `Tools/hotpath` checks.
public protocol Stage: ~Copyable, SendableMetatype {
  /// The word in the pipeline file, in kebab case.
  static var name: String { get }
  /// One sentence for users.
  static var summary: String { get }
  static var settings: [any SettingDeclaration] { get }
  /// The setting that a bare value sets, if there is one: `send: host`.
  static var shorthand: String? { get }
  /// Items of a `stages:` list that show the stage at work.
  static var example: String { get }
  /// What the stage does to the headers record; the engine clears it where nobody fills it.
  static var headers: HeaderUse { get }
  /// Whether no packet that the stage sees goes on to the next stage.
  static var isFinal: Bool { get }

  init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError)

  mutating func process(_ burst: inout Burst, _ selection: Selection)

  /// Called on the control side before figures and notes are read, while the stage runs: what
  /// takes long to add up is added up here, once for all who read.
  borrowing func addUp()

  /// What the stage has to report beyond its packets: named numbers, read while it runs.
  borrowing func figures() -> [StageFigure]

  /// What has gone wrong since the start and the run should say, such as a full disk.
  borrowing func problem() -> String?

  /// What a user should know of the packets that is no failure.
  borrowing func notes() -> [String]

  /// Called on the control side when the worker has stopped, before the last report.
  mutating func finish()
}

extension Stage where Self: ~Copyable {
  public static var shorthand: String? { nil }
  public static var headers: HeaderUse { .reads }
  public static var isFinal: Bool { false }
  public borrowing func addUp() {}
  public borrowing func figures() -> [StageFigure] { [] }
  public borrowing func problem() -> String? { nil }
  public borrowing func notes() -> [String] { [] }
  public mutating func finish() {}
}

/// What a stage has to do with the headers that `parse` finds.
public enum HeaderUse: Sendable {
  case fills
  case reads
  case ignores
}

/// A number that a stage reports: `marked`, `missed`, `file packets`.
public struct StageFigure: Sendable {
  public var name: String
  public var value: UInt64

  public init(_ name: String, _ value: UInt64) {
    self.name = name
    self.value = value
  }
}
