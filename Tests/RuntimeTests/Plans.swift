// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Configuration
import DPDK
import Pipeline
import Settings

@testable import Runtime

/// A file's text that is refused, as an error of the test.
struct Refused: Error, CustomStringConvertible {
  let diagnostics: [Diagnostic]
  var description: String { diagnostics.map(\.message).joined(separator: "; ") }
}

func load(_ text: String) -> LoadedPipelineFile {
  PipelineFile.load(text: text, name: "test.yaml", catalog: FileCatalog(.standard))
}

/// The plan of a pipeline file with this text.
func plan(_ text: String) throws -> NICPlan {
  let loaded = load(text)
  guard let file = loaded.file else { throw Refused(diagnostics: loaded.diagnostics) }
  return NICPlan(file, path: "test.yaml", registry: .standard)
}

/// DPDK as the tests share it, whatever the options.
func shared(_ options: EALOptions) throws(DPDKError) -> EAL { try Environment.result.get() }

extension Report {
  /// The counters of a stage, by the label that reports show.
  func counters(_ label: String) -> StageCounters? {
    pipelines.flatMap(\.stages).first { $0.label == label }?.counters
  }
}
