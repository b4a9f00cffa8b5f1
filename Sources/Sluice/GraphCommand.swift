// SPDX-License-Identifier: BSD-3-Clause
import Runtime
import Settings

/// `sluice graph`: a pipeline file as a picture.
enum GraphCommand: Command {
  static let name = "graph"
  static let summary = "Draws the pipelines of a file: as text, Mermaid or SVG."
  static let arguments = [Argument(name: "FILE", help: "The pipeline file; - is standard input")]
  static var options: [any SettingDeclaration] { [format, SharedOptions.set] }
  static let example = "sluice graph Pipelines/flagship.yaml --format svg > flagship.svg"

  static let format: Setting<Format> = .choice("format", default: .text, "How to draw")

  enum Format: String, CaseIterable, Sendable {
    case text, mermaid, svg
  }

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let graph = PipelineGraph(try invocation.loadPlan())
    switch invocation[format] {
    case .text: Terminal.print(graph.text)
    case .mermaid: Terminal.print(graph.mermaid)
    case .svg: Terminal.print(graph.svg)
    }
    return .success
  }
}
