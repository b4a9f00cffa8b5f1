// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// The items of a list that stand in a file of their own: `rules: {file: tenants.csv}`.
///
/// A path is relative to the file that names it. Parameters are not put in: such files are made by
/// programs.
enum ListFile {
  static let key = "file"

  /// Nil where the node names no file, and empty after a complaint.
  static func items(namedBy node: YAMLNode, _ name: String, _ log: DiagnosticLog) -> [YAMLNode]? {
    guard case .mapping(let entries) = node.content, let entry = entries.first,
      entries.count == 1, entry.key == key
    else { return nil }
    guard case .scalar(let scalar) = entry.value.content, !scalar.text.isEmpty else {
      log.error(
        at: entry.value.location, "'file' in \(name): expected a path, found \(entry.value.noun)")
      return []
    }
    let path = FileSet.resolve(scalar.text, beside: node.location.source.name)
    do throws(TextFile.Unreadable) {
      let bytes = try TextFile.bytes(of: path)
      guard let source = TextFile.text(bytes, name: path, log) else { return [] }
      return path.hasSuffix(".csv") ? CSVReader.read(source, log) : sequence(source, log)
    } catch {
      log.error(
        at: entry.value.location, "cannot read '\(path.shortened)': \(error.message)")
      return []
    }
  }

  private static func sequence(_ source: SourceText, _ log: DiagnosticLog) -> [YAMLNode] {
    guard let root = YAMLReader.read(source, log, beginning: "an item: '- …'") else { return [] }
    if case .sequence(let items) = root.content { return items }
    log.error(
      at: root.location, "expected a list, found \(root.noun)",
      fix: "begin each item with '- '")
    return []
  }
}
