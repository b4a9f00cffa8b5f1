// SPDX-License-Identifier: BSD-3-Clause
public import Settings
public import Wire

/// One pipeline of the file, checked and resolved: what every worker builds its own copy from.
public struct PipelinePlan: Sendable {
  public let name: String
  public let stages: [StagePlan]

  public init(name: String, stages: [StagePlan]) {
    self.name = name
    self.stages = stages
  }
}

/// One stage of a pipeline plan.
public struct StagePlan: Sendable {
  /// The stage's `id:`, or its name with a number where that alone is not unique.
  public let label: String
  public let type: StageType
  public let settings: SettingValues
  /// The stage's `when:`.
  public let condition: Expression?
  /// The name under which the file shares the stage: all plans with it are places of one stage.
  public let shared: String?

  public init(
    label: String, type: StageType, settings: SettingValues, condition: Expression?,
    shared: String? = nil
  ) {
    self.label = label
    self.type = type
    self.settings = settings
    self.condition = condition
    self.shared = shared
  }
}

/// A stage refused its settings while a worker was built.
public struct StageBuildError: Error {
  public let pipeline: Int
  public let stage: Int
  public let error: SettingsError
}

extension PipelinePlan {
  /// Whether the headers of an earlier burst could be seen by this pipeline's stages: they could
  /// where something reads them before a stage fills them for every packet.
  var mustForgetHeaders: Bool {
    guard !stages.isEmpty else { return false }
    let first = stages.first { $0.condition != nil || $0.type.headers != .ignores }
    guard let first else { return true }
    if first.type.headers == .fills && first.condition == nil { return false }
    return true
  }

  var readsHeaders: Bool {
    stages.contains { $0.condition != nil || $0.type.headers != .ignores }
  }
}
