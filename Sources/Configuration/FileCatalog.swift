// SPDX-License-Identifier: BSD-3-Clause
public import Settings

/// Everything that a pipeline file may speak of, as the registries know it.
public struct FileCatalog: Sendable {
  public let stages: [StageDescription]
  /// What a port can be told beside its device.
  public let portSettings: [any SettingDeclaration]
  /// What stands at the top level of the file: `workers: 2`, `poll: adaptive`.
  public let engineSettings: [any SettingDeclaration]
  /// Why a device cannot be, judged by its text alone; nil when it may.
  public let deviceProblem: @Sendable (String) -> SettingProblem?

  public init(
    stages: [StageDescription], portSettings: [any SettingDeclaration],
    engineSettings: [any SettingDeclaration],
    deviceProblem: @escaping @Sendable (String) -> SettingProblem?
  ) {
    self.stages = stages
    self.portSettings = portSettings
    self.engineSettings = engineSettings
    self.deviceProblem = deviceProblem
  }
}
