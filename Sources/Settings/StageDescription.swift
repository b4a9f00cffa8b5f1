// SPDX-License-Identifier: BSD-3-Clause

/// What users are told of a stage, and how its part of the pipeline file is read.
public struct StageDescription: Sendable {
  /// The word in the pipeline file, in kebab case.
  public let name: String
  /// One sentence.
  public let summary: String
  public let settings: [any SettingDeclaration]
  /// The setting that a bare value sets: `send: host` is `send: {port: host}`.
  public let shorthand: String?
  /// YAML that shows the stage at work: one or more items of a `stages:` list.
  public let example: String
  /// Whether no packet that the stage sees goes on to the next one.
  public let isFinal: Bool

  public init(
    name: String, summary: String, settings: [any SettingDeclaration], shorthand: String?,
    example: String, isFinal: Bool
  ) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.shorthand = shorthand
    self.example = example
    self.isFinal = isFinal
  }
}
