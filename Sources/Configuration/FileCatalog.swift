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
  /// What a device has to itself, in words: ports whose devices share it exclude each other.
  public let deviceBelonging: @Sendable (String) -> String?
  public let limits: FileLimits

  public init(
    stages: [StageDescription], portSettings: [any SettingDeclaration],
    engineSettings: [any SettingDeclaration],
    deviceProblem: @escaping @Sendable (String) -> SettingProblem?,
    deviceBelonging: @escaping @Sendable (String) -> String? = { _ in nil },
    limits: FileLimits = FileLimits(ports: 64, pipelines: 64, stages: 65_535)
  ) {
    self.stages = stages
    self.portSettings = portSettings
    self.engineSettings = engineSettings
    self.deviceProblem = deviceProblem
    self.deviceBelonging = deviceBelonging
    self.limits = limits
  }
}

/// How many of a kind the engine can tell apart.
public struct FileLimits: Sendable {
  public let ports: Int
  public let pipelines: Int
  /// Over all pipelines.
  public let stages: Int

  public init(ports: Int, pipelines: Int, stages: Int) {
    self.ports = ports
    self.pipelines = pipelines
    self.stages = stages
  }
}
