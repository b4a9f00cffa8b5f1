import Settings
// SPDX-License-Identifier: BSD-3-Clause
import Spelling
import Wire

/// Reads mappings by their declarations, and complains of all that is wrong with them.
struct SettingsReader {
  let log: DiagnosticLog
  private(set) var references: [Reference] = []

  init(_ log: DiagnosticLog) {
    self.log = log
  }

  /// `owner` is what the settings belong to, as in "stage 'queue'"; nil for the file itself.
  mutating func read(
    _ entries: [YAMLEntry], as declarations: [any SettingDeclaration], of owner: String?,
    at location: SourceLocation
  ) -> SettingValues {
    var values = SettingValues()
    values.location = location
    var written: Set<String> = []
    for entry in entries {
      guard let declaration = declarations.first(where: { $0.name == entry.key }) else {
        log.unknownKey(entry, of: owner ?? "the file", among: declarations.map(\.name))
        continue
      }
      written.insert(entry.key)
      let name = "'\(entry.key)'" + (owner.map { " of " + $0 } ?? "")
      if let value = value(entry.value, of: declaration.kind, name: name) {
        values.give(value, to: entry.key, at: entry.value.location)
      }
    }
    for declaration in declarations where !written.contains(declaration.name) {
      complete(&values, with: declaration, of: owner ?? "the file", at: location)
    }
    return values
  }

  private func complete(
    _ values: inout SettingValues, with declaration: any SettingDeclaration, of owner: String,
    at location: SourceLocation
  ) {
    switch declaration.presence {
    case .optional: break
    case .required:
      log.error(
        at: location, "missing key '\(declaration.name)' in \(owner)",
        fix: "add '\(declaration.name): …', \(declaration.kind)")
    case .defaultValue(let text):
      do throws(SettingProblem) {
        values.assume(try declaration.kind.parse(text), for: declaration.name)
      } catch {
        log.error(
          at: location, "the default '\(text)' of '\(declaration.name)' is wrong: \(error.message)",
          fix: "give '\(declaration.name)' a value")
      }
    }
  }

  /// `name` is what to call the value in a complaint, as in "'rate' of stage 'queue'".
  mutating func value(_ node: YAMLNode, of kind: SettingKind, name: String) -> SettingValue? {
    switch (kind, node.content) {
    case (_, .unreadable): return nil
    case (.list(let element), .sequence), (.list(let element), .mapping):
      return list(node, of: element, name)
    case (.record(let declarations), .mapping(let entries)):
      return .record(read(entries, as: declarations, of: name, at: node.location))
    case (.assignments, .mapping(let entries)): return assignments(entries, name)
    case (.list(let element), _):
      wrongType(node, "a list, each \(element)", name, fix: listFix(node))
      return nil
    case (.record, _), (.assignments, _), (_, .sequence), (_, .mapping):
      wrongType(node, kind.description, name)
      return nil
    case (_, .scalar(let scalar)):
      return scalarValue(scalar, node, of: kind, name: name)
    }
  }

  /// A list of mappings may have items in other files.
  private mutating func list(
    _ node: YAMLNode, of element: SettingKind, _ name: String
  ) -> SettingValue? {
    let takesFiles = if case .record = element { true } else { false }
    let items: [YAMLNode]
    switch node.content {
    case .sequence(let written) where takesFiles:
      items = written.flatMap { ListFile.items(namedBy: $0, name, log) ?? [$0] }
    case .sequence(let written): items = written
    default:
      guard takesFiles, let found = ListFile.items(namedBy: node, name, log) else {
        wrongType(node, "a list, each \(element)", name, fix: listFix(node))
        return nil
      }
      items = found
    }
    var values: [SettingValue] = []
    values.reserveCapacity(items.count)
    // Behind more errors than are shown, nothing is looked at any more.
    for item in items where !log.isFull {
      if let value = value(item, of: element, name: "an item of \(name)") { values.append(value) }
    }
    return values.count == items.count ? .list(values) : nil
  }

  private mutating func assignments(_ entries: [YAMLEntry], _ name: String) -> SettingValue? {
    var values: [FieldAssignment] = []
    for entry in entries {
      guard let field = FieldTable.writable.first(where: { $0.name == entry.key }) else {
        refuse(entry, of: name)
        continue
      }
      let label = "'\(entry.key)' of \(name)"
      if case .field(let value) = value(entry.value, of: .field(field), name: label) {
        values.append(FieldAssignment(field: field, value: value))
      }
    }
    return values.count == entries.count ? .assignments(values) : nil
  }

  private func refuse(_ entry: YAMLEntry, of name: String) {
    if let field = FieldTable.field(named: entry.key),
      case .readOnly(let reason) = field.access
    {
      log.error(at: entry.keyLocation, "'\(field)' cannot be set: \(reason)")
    } else {
      log.unknownKey(entry, of: name, among: FieldTable.writable.map(\.name))
    }
  }

  private mutating func scalarValue(
    _ scalar: YAMLScalar, _ node: YAMLNode, of kind: SettingKind, name: String
  ) -> SettingValue? {
    if scalar.isAbsent {
      wrongType(node, kind.description, name)
      return nil
    }
    do throws(SettingProblem) {
      let value = try kind.parse(scalar.text)
      note(kind, scalar.text, at: node.location)
      return value
    } catch {
      let place = node.location(ofCharacters: error.offset, length: error.length)
      log.error(
        at: place, "\(name): \(error.message)", fix: error.fix,
        note: scalar.origin(ofCharacters: error.offset, length: error.length))
      return nil
    }
  }

  private mutating func note(_ kind: SettingKind, _ text: String, at location: SourceLocation) {
    switch kind {
    case .port: references.append(Reference(kind: .port, name: text, location: location))
    case .pipeline: references.append(Reference(kind: .pipeline, name: text, location: location))
    default: break
    }
  }

  private func wrongType(
    _ node: YAMLNode, _ expected: String, _ name: String, fix: String? = nil
  ) {
    log.error(
      at: node.location, "\(name): expected \(expected), found \(node.noun)", fix: fix)
  }

  private func listFix(_ node: YAMLNode) -> String? {
    guard case .scalar(let scalar) = node.content, !scalar.isAbsent else { return nil }
    return "write [\(scalar.text.shortened)]"
  }
}

extension DiagnosticLog {
  /// Complains of a key that is none of `names`.
  func unknownKey(_ entry: YAMLEntry, of owner: String, among names: [String]) {
    error(
      at: entry.keyLocation, "unknown key '\(entry.key.shortened)' in \(owner)",
      fix: DiagnosticLog.proposal(for: entry.key, among: names, kind: "keys"))
  }

  /// What may have been meant, and all there is.
  static func proposal(for word: String, among names: [String], kind: String) -> String {
    guard !names.isEmpty else { return "there are no \(kind)" }
    let shown = names.prefix(40).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
    let all = "the \(kind) are \(shown)"
    guard let meant = Spelling.nearest(to: word, among: names) else { return all }
    return "did you mean '\(meant)'? (\(all))"
  }
}
