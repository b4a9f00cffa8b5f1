// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Presentation
import Runtime
import Settings

extension Invocation {
  /// Loads and checks the pipeline file that the first word names; shows what is wrong with it.
  func loadPlan() throws(CommandError) -> NICPlan {
    let path = word(0) ?? "-"
    let loaded = PipelineFile.load(
      path: path, parameters: try parameters(), catalog: FileCatalog(registry))
    for diagnostic in loaded.diagnostics {
      Terminal.error(diagnostic.text(colored: Terminal.colorsErrors))
    }
    guard let file = loaded.file else {
      throw .usage(Self.summary(of: loaded.diagnostics, in: path))
    }
    return NICPlan(file, path: path, registry: registry)
  }

  func parameters() throws(CommandError) -> [String: String] {
    var parameters: [String: String] = [:]
    for (name, value) in try pairs(SharedOptions.set, allowsEmpty: true) {
      if parameters.updateValue(value, forKey: name) != nil {
        throw mistake("--set \(name)=\(value): parameter '\(name)' is given twice")
      }
    }
    return parameters
  }

  static func summary(of diagnostics: [Diagnostic], in path: String) -> String {
    "\(path): \(Figure.counted(diagnostics.count { $0.severity == .error }, "error"))"
  }
}

extension Invocation {
  /// What a run that could not be made or finished is to its caller.
  func failure(_ error: RuntimeError) -> CommandError {
    switch error {
    case .usage(let diagnostics):
      let texts = diagnostics.map { $0.text(colored: Terminal.colorsErrors) }
      return .usage(texts.joined(separator: "\n"))
    case .option(let message): return mistake(message)
    case .failed(let message): return .failed(message)
    }
  }
}
