// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Settings

/// A pipeline file and all that it includes, as trees with the parameters put in.
struct FileSet {
  /// One file's top level.
  struct Member {
    let source: SourceText
    var entries: [YAMLEntry]

    func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }
  }

  /// The file that was asked for comes first, then the others as they are included.
  private(set) var members: [Member] = []
  private(set) var parameters: Parameters
  /// Whether every file that is included could be read.
  private(set) var isWhole = true
  private let log: DiagnosticLog
  private var usedParameters: Set<String> = []
  /// Real paths of the files between the first one and the one being read.
  private var open: [(path: String, name: String)] = []
  private var seen: Set<String> = []

  /// Nil when not even the file that was asked for could be read.
  var main: Member? { members.first }

  static let mostFiles = 256

  init(_ main: SourceText, parameters given: [String: String], _ log: DiagnosticLog) {
    self.log = log
    parameters = Parameters(given: given, log)
    read(main, path: main.name)
    if isWhole { parameters.refuseUnknown() }
    var substitution = Substitution(parameters, areAllKnown: isWhole, log)
    for index in members.indices {
      members[index].entries = members[index].entries.map { entry in
        guard entry.key != "parameters", entry.key != "include" else { return entry }
        var entry = entry
        entry.value = substitution.apply(to: entry.value)
        return entry
      }
    }
    usedParameters.formUnion(substitution.used)
  }

  /// Declared, and nowhere put in.
  var unusedParameters: [ParameterDeclaration] {
    parameters.declarations.filter { !usedParameters.contains($0.name) }
  }

  private mutating func read(_ source: SourceText, path: String) {
    let identity = FileSet.realPath(path)
    seen.insert(identity)
    open.append((identity, source.name))
    defer { open.removeLast() }
    guard let root = YAMLReader.read(source, log) else {
      isWhole = false
      return
    }
    guard case .mapping(let entries) = root.content else {
      log.error(
        at: root.location, "expected a mapping with 'sluice: 1', found \(root.noun)",
        fix: "begin the file with 'sluice: 1'")
      isWhole = false
      return
    }
    let member = Member(source: source, entries: entries)
    members.append(member)
    if let section = member.entry("parameters") { parameters.declare(section.value) }
    if let section = member.entry("include") { include(section.value, from: path) }
  }

  private mutating func include(_ section: YAMLNode, from path: String) {
    var substitution = Substitution(parameters, areAllKnown: isWhole, log)
    let section = substitution.apply(to: section)
    usedParameters.formUnion(substitution.used)
    guard case .sequence(let items) = section.content else {
      isWhole = false
      if case .unreadable = section.content { return }
      let fix: String? =
        if case .scalar(let scalar) = section.content, !scalar.isAbsent {
          "write [\(scalar.text.shortened)]"
        } else { nil }
      log.error(
        at: section.location, "'include' must be a list of paths, found \(section.noun)", fix: fix)
      return
    }
    for item in items { includeOne(item, from: path) }
  }

  private mutating func includeOne(_ item: YAMLNode, from path: String) {
    guard case .scalar(let scalar) = item.content, !scalar.text.isEmpty else {
      isWhole = false
      if case .unreadable = item.content { return }
      log.error(at: item.location, "'include': expected a path, found \(item.noun)")
      return
    }
    let target = FileSet.resolve(scalar.text, beside: path)
    let identity = FileSet.realPath(target)
    if let start = open.firstIndex(where: { $0.path == identity }) {
      let names = open[start...].map(\.name) + [open[start].name]
      log.error(
        at: item.location, "this file includes itself: \(names.joined(separator: " -> "))")
      return
    }
    guard !seen.contains(identity) else { return }
    guard seen.count < FileSet.mostFiles, open.count < YAMLReader.deepest else {
      isWhole = false
      log.error(
        at: item.location,
        "more than \(FileSet.mostFiles) files, or includes inside includes "
          + "deeper than \(YAMLReader.deepest)")
      return
    }
    seen.insert(identity)
    do throws(TextFile.Unreadable) {
      let bytes = try TextFile.bytes(of: target)
      if let source = TextFile.text(bytes, name: target, log) {
        read(source, path: target)
      } else {
        isWhole = false
      }
    } catch {
      isWhole = false
      log.error(at: item.location, "cannot read '\(target.shortened)': \(error.message)")
    }
  }

  /// A relative path is relative to the file that it stands in.
  static func resolve(_ target: String, beside path: String) -> String {
    guard !target.hasPrefix("/"), let slash = path.lastIndex(of: "/") else {
      return target == "-" ? "./-" : target
    }
    return path[...slash] + target
  }

  private static func realPath(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
