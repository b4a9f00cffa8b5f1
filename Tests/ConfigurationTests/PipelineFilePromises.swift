// SPDX-License-Identifier: BSD-3-Clause
import Settings

@testable import Configuration

/// What may be expected of any bytes that are read as a pipeline file.
enum PipelineFilePromises {
  /// The promise that is broken, or nil.
  static func broken(by bytes: [UInt8]) -> String? {
    let loaded = PipelineFile.load(bytes, name: "hostile.yaml", [:], .sample, DiagnosticLog())
    let hasError = loaded.diagnostics.contains { $0.severity == .error }
    guard hasError == (loaded.file == nil) else {
      return hasError ? "a file with an error was read" : "a file was refused without an error"
    }
    return loaded.diagnostics.lazy.compactMap(broken).first
  }

  private static func broken(by diagnostic: Diagnostic) -> String? {
    for place in [diagnostic.location] + (diagnostic.note.map { [$0.location] } ?? [])
    where !isWithin(place) {
      return "a complaint lies outside the file, at \(place): \(diagnostic)"
    }
    if diagnostic.message.isEmpty { return "a complaint says nothing: \(diagnostic)" }
    return diagnostic.text().isEmpty ? "a complaint is empty" : nil
  }

  /// Line 0 stands for the whole file; behind the last character of a line is a place too.
  private static func isWithin(_ place: SourceLocation) -> Bool {
    guard place.line > 0 else { return place.line == 0 }
    guard let line = place.source.line(place.line) else { return false }
    return 1...line.unicodeScalars.count + 1 ~= place.column
  }
}
