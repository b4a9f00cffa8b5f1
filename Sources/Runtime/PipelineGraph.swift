// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Presentation
import Settings

/// The pipelines of a file as boxes and arrows: ports, pipelines with their stages, and the ways
/// that packets take between them.
public struct PipelineGraph {
  struct Box {
    let name: String
    let lines: [String]
  }

  /// A way from a port or pipeline to another.
  struct Arrow {
    let from: String
    let to: String
    let label: String
  }

  let inputs: [Box]
  let pipelines: [Box]
  let outputs: [Box]
  let arrows: [Arrow]

  public init(_ plan: NICPlan) {
    inputs = plan.ports.filter { $0.entry != nil }
      .map { Box(name: "in:\($0.name)", lines: [$0.name, $0.device]) }
    outputs = plan.ports.filter(\.isOutput)
      .map { Box(name: "out:\($0.name)", lines: [$0.name, $0.device]) }
    pipelines = plan.pipelines.map { pipeline in
      Box(name: pipeline.name, lines: [pipeline.name] + pipeline.stages.map(Self.line))
    }
    var arrows: [Arrow] = plan.ports.compactMap { port in
      port.entry.map {
        Arrow(from: "in:\(port.name)", to: plan.pipelines[Int($0.value)].name, label: "")
      }
    }
    for (pipeline, section) in zip(plan.pipelines, plan.sections) {
      for (stage, part) in zip(pipeline.stages, section.stages) {
        for reference in part.references {
          let target = reference.kind == .port ? "out:\(reference.name)" : reference.name
          arrows.append(Arrow(from: section.name, to: target, label: stage.label))
        }
      }
    }
    self.arrows = arrows
  }

  private static func line(_ stage: StagePlan) -> String {
    stage.label + (stage.condition.map { " when \($0)" } ?? "")
  }

  /// One block for each pipeline, its input above and its ways out beside its stages.
  public var text: String {
    var lines: [String] = []
    for pipeline in pipelines {
      let sources = arrows.filter { $0.to == pipeline.name }.map { Self.plain($0.from) }
      lines.append("\(sources.joined(separator: ", ")) -> \(pipeline.name)")
      let exits = arrows.filter { $0.from == pipeline.name }
      for line in pipeline.lines.dropFirst() {
        let label = line.prefix { $0 != " " }
        let targets = exits.filter { $0.label == label }.map { Self.plain($0.to) }
        let exit = targets.isEmpty ? "" : " -> " + targets.joined(separator: ", ")
        lines.append("  | \(line)\(exit)")
      }
      lines.append("")
    }
    return lines.dropLast().joined(separator: "\n")
  }

  private static func plain(_ name: String) -> String {
    for prefix in ["in:", "out:"] where name.hasPrefix(prefix) {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  /// A flowchart for Mermaid (https://mermaid.js.org).
  public var mermaid: String {
    let boxes = inputs + pipelines + outputs
    let numbers = Dictionary(
      uniqueKeysWithValues: boxes.indices.map { (boxes[$0].name, "n\($0)") })
    var lines = ["flowchart LR"]
    for (index, box) in boxes.enumerated() {
      lines.append("  n\(index)[\"\(box.lines.map(Markup.escaped).joined(separator: "<br/>"))\"]")
    }
    for arrow in arrows {
      guard let from = numbers[arrow.from], let to = numbers[arrow.to] else { continue }
      let label = arrow.label.isEmpty ? "" : "|\"\(Markup.escaped(arrow.label))\"|"
      lines.append("  \(from) -->\(label) \(to)")
    }
    return lines.joined(separator: "\n")
  }
}
