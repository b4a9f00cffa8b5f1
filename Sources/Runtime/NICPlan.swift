// SPDX-License-Identifier: BSD-3-Clause
public import Configuration
public import Pipeline
public import Settings

/// A checked pipeline file with its names resolved: what `run` and `replay` build from.
public struct NICPlan: Sendable {
  /// A port of the file.
  public struct Port: Sendable {
    public let name: String
    public let device: String
    public let settings: SettingValues
    /// The pipeline that the port's packets enter, if any.
    public var entry: PipelineIndex?
    /// Whether some stage sends to the port.
    public var isOutput: Bool
  }

  public let file: PipelineFile
  public let path: String
  public var ports: [Port]
  /// Numbered so that jumps only go to higher numbers.
  public let pipelines: [PipelinePlan]
  /// The file's pipelines in the same order, for messages that point into the file.
  let sections: [PipelineSection]

  /// The file must have been loaded without an error.
  public init(_ file: PipelineFile, path: String, registry: StageRegistry) {
    self.file = file
    self.path = path
    sections = Self.sorted(file.pipelines)
    pipelines = sections.map { PipelinePlan($0, registry) }
    let references = file.pipelines.flatMap { $0.stages.flatMap(\.references) }
    let outputs = Set(references.filter { $0.kind == .port }.map(\.name))
    var entries: [String: PipelineIndex] = [:]
    for (index, section) in sections.enumerated() {
      for input in section.inputs { entries[input.port] = PipelineIndex(UInt8(index)) }
    }
    ports = file.ports.map {
      Port(
        name: $0.name, device: $0.device, settings: $0.settings, entry: entries[$0.name],
        isOutput: outputs.contains($0.name))
    }
  }

  public var portIndices: [String: PortIndex] {
    Dictionary(uniqueKeysWithValues: ports.indices.map { (ports[$0].name, PortIndex(UInt8($0))) })
  }

  public var pipelineIndices: [String: PipelineIndex] {
    Dictionary(
      uniqueKeysWithValues: pipelines.indices.map {
        (pipelines[$0].name, PipelineIndex(UInt8($0)))
      })
  }

  /// The pipelines with every jump going forward. The file was checked: no jumps loop.
  private static func sorted(_ sections: [PipelineSection]) -> [PipelineSection] {
    let byName = Dictionary(sections.map { ($0.name, $0) }) { first, _ in first }
    var done: Set<String> = []
    var reversed: [PipelineSection] = []
    func visit(_ section: PipelineSection) {
      guard done.insert(section.name).inserted else { return }
      for stage in section.stages.reversed() {
        for reference in stage.references.reversed() where reference.kind == .pipeline {
          byName[reference.name].map(visit)
        }
      }
      reversed.append(section)
    }
    sections.reversed().forEach(visit)
    return reversed.reversed()
  }
}

extension PipelinePlan {
  init(_ section: PipelineSection, _ registry: StageRegistry) {
    var uses: [String: Int] = [:]
    for stage in section.stages { uses[stage.word, default: 0] += 1 }
    var numbers: [String: Int] = [:]
    let stages = section.stages.compactMap { stage -> StagePlan? in
      guard let type = registry[stage.name] else { return nil }
      numbers[stage.word, default: 0] += 1
      let number = uses[stage.word] == 1 ? "" : "-\(numbers[stage.word] ?? 0)"
      return StagePlan(
        label: stage.id ?? stage.word + number, type: type, settings: stage.settings,
        condition: stage.condition, shared: stage.shared)
    }
    self.init(name: section.name, stages: stages)
  }
}

extension StageSection {
  /// What the file calls the stage where it has no id.
  fileprivate var word: String { shared ?? name }
}
