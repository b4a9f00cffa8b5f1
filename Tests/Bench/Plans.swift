// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Stages
import Wire

extension StageRegistry {
  /// The stages that come with Sluice.
  public static let standard = StageRegistry(StandardStages.all)
}

/// A pipeline of these stages.
public func pipeline(_ name: String, _ stages: StagePlan...) -> PipelinePlan {
  PipelinePlan(name: name, stages: stages)
}

/// A stage with settings as a file would have them.
public func stage(
  _ name: String, _ settings: KeyValuePairs<String, String> = [:], when condition: String? = nil,
  shared: String? = nil, in registry: StageRegistry = .standard
) throws -> StagePlan {
  guard let type = registry[name] else { throw UnknownStage(name: name) }
  let values = try SettingValues(type.description.settings, settings)
  return try stage(name, values, when: condition, shared: shared, in: registry)
}

/// A stage with settings that were put together by hand.
public func stage(
  _ name: String, _ settings: SettingValues, when condition: String? = nil,
  shared: String? = nil, in registry: StageRegistry = .standard
) throws -> StagePlan {
  guard let type = registry[name] else { throw UnknownStage(name: name) }
  return StagePlan(
    label: name, type: type, settings: settings,
    condition: try condition.map { try Expression.parse($0) }, shared: shared)
}

struct UnknownStage: Error {
  let name: String
}
