// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Collects what is found in one pipeline file and the files that it includes.
final class DiagnosticLog {
  /// More errors than anybody reads; a bound for hostile files.
  static let most = 200

  private var found: [Diagnostic] = []
  private var sources: [ObjectIdentifier: Int] = [:]
  private(set) var hasErrors = false

  var isFull: Bool { found.count >= DiagnosticLog.most }

  /// Makes later diagnostics of `source` sort behind those of the sources added before.
  func add(_ source: SourceText) {
    sources[ObjectIdentifier(source)] = sources[ObjectIdentifier(source)] ?? sources.count
  }

  func error(
    at location: SourceLocation, _ message: @autoclosure () -> String,
    fix: @autoclosure () -> String? = nil, note: @autoclosure () -> Diagnostic.Note? = nil
  ) {
    hasErrors = true
    guard !isFull else { return }
    let message = message()
    guard !has(message, at: location) else { return }
    found.append(Diagnostic(.error, at: location, message, fix: fix(), note: note()))
  }

  /// Whether the same was said already: a shared stage is looked at wherever it is used.
  private func has(_ message: String, at location: SourceLocation) -> Bool {
    found.contains { known in
      known.location.source === location.source && known.location.line == location.line
        && known.location.column == location.column && known.message == message
    }
  }

  func warning(at location: SourceLocation, _ message: String, fix: String? = nil) {
    guard !isFull else { return }
    found.append(Diagnostic(.warning, at: location, message, fix: fix))
  }

  func add(_ diagnostic: Diagnostic) {
    error(
      at: diagnostic.location, diagnostic.message, fix: diagnostic.fix, note: diagnostic.note)
  }

  /// Everything found, by file, line and column.
  var sorted: [Diagnostic] {
    var result = found.enumerated().sorted { first, second in
      place(first.element) + [first.offset] < place(second.element) + [second.offset]
    }.map(\.element)
    if isFull, let last = result.last {
      result.append(
        Diagnostic(
          .error, at: SourceLocation(whole: last.location.source),
          "too many errors: only the first \(DiagnosticLog.most) are shown"))
    }
    return result
  }

  private func place(_ diagnostic: Diagnostic) -> [Int] {
    let location = diagnostic.location
    let order = sources[ObjectIdentifier(location.source)] ?? sources.count
    return [order, location.line, location.column]
  }
}

extension [Int] {
  fileprivate static func < (first: [Int], second: [Int]) -> Bool {
    first.lexicographicallyPrecedes(second)
  }
}
