// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// The parameters that files declare, and the values that they were given.
struct Parameters {
  private(set) var declarations: [ParameterDeclaration] = []
  private var values: [String: Value] = [:]
  private var locations: [String: SourceLocation] = [:]
  private let given: [String: String]
  private let log: DiagnosticLog

  init(given: [String: String], _ log: DiagnosticLog) {
    self.given = given
    self.log = log
  }

  private struct Field {
    let text: String
    let place: SourceLocation
  }

  /// A value, and where it was written.
  struct Value {
    let text: String
    let origin: Diagnostic.Note
  }

  func isDeclared(_ name: String) -> Bool { locations[name] != nil }

  /// Nil also for a declared parameter without a value, which was complained about already.
  func value(of name: String) -> Value? { values[name] }

  /// Reads the `parameters:` section of a file.
  mutating func declare(_ section: YAMLNode) {
    guard case .mapping(let entries) = section.content else {
      if section.isAbsent { return }
      log.error(
        at: section.location, "'parameters' must be a mapping, found \(section.noun)",
        fix: "write one 'name: default' on each line")
      return
    }
    for entry in entries { declare(entry) }
  }

  private mutating func declare(_ entry: YAMLEntry) {
    if let problem = SettingKind.identifier.problem(with: entry.key) {
      log.error(at: entry.keyLocation, "parameter name: \(problem.message)", fix: problem.fix)
      return
    }
    if let first = locations[entry.key] {
      log.error(
        at: entry.keyLocation, "parameter '\(entry.key)' is declared twice",
        note: .init("first declared here", at: first))
      return
    }
    locations[entry.key] = entry.keyLocation
    let fields = fields(of: entry)
    declarations.append(
      ParameterDeclaration(
        name: entry.key, defaultValue: fields["default"]?.text, help: fields["help"]?.text,
        location: entry.keyLocation))
    let value = given[entry.key].map { ($0, place(onCommandLine: entry.key, $0)) }
    guard let (text, place) = value ?? fields["default"].map({ ($0.text, $0.place) }) else {
      if !isBroken(entry.value) {
        log.error(
          at: entry.keyLocation, "parameter '\(entry.key)' has neither a value nor a default",
          fix: "run with --set \(entry.key)=…, or write a default")
      }
      return
    }
    values[entry.key] = Value(
      text: text, origin: .init("the value of parameter '\(entry.key)'", at: place))
  }

  /// Whether there is a default, which was complained about.
  private func isBroken(_ value: YAMLNode) -> Bool {
    guard case .mapping(let fields) = value.content else { return !value.isAbsent }
    return fields.contains { $0.key == "default" && !$0.value.isAbsent }
  }

  /// The default and the help text of `name: default` or `name: {default: …, help: …}`.
  private func fields(of entry: YAMLEntry) -> [String: Field] {
    guard case .mapping(let fields) = entry.value.content else {
      return ["default": field(entry.value, "parameter '\(entry.key)'")].compactMapValues { $0 }
    }
    var found: [String: Field] = [:]
    for field in fields {
      if field.key == "default" || field.key == "help" {
        let name = "'\(field.key)' of parameter '\(entry.key)'"
        found[field.key] = self.field(field.value, name)
      } else {
        log.unknownKey(field, of: "parameter '\(entry.key)'", among: ["default", "help"])
      }
    }
    return found
  }

  private func field(_ node: YAMLNode, _ name: String) -> Field? {
    guard case .scalar(let scalar) = node.content else {
      log.error(at: node.location, "\(name): expected text, found \(node.noun)")
      return nil
    }
    if scalar.text.contains("${") {
      log.error(
        at: node.location, "\(name): a parameter cannot be made of parameters",
        fix: "write the text out")
      return nil
    }
    return scalar.isAbsent ? nil : Field(text: scalar.text, place: node.location)
  }

  /// Complains of values that were given to parameters which no file declares.
  func refuseUnknown() {
    for (name, text) in given.sorted(by: { $0.key < $1.key }) where locations[name] == nil {
      let proposal = DiagnosticLog.proposal(
        for: name, among: declarations.map(\.name), kind: "parameters")
      log.error(
        at: place(onCommandLine: name, text),
        "no parameter '\(name.shortened)' is declared in the file", fix: proposal)
    }
  }

  private func place(onCommandLine name: String, _ text: String) -> SourceLocation {
    let option = "--set "
    let source = SourceText(name: "command line", text: "\(option)\(name)=\(text)".oneLine)
    return SourceLocation(
      source: source, line: 1, column: option.count + 1, length: name.unicodeScalars.count)
  }
}

extension SettingKind {
  /// What is wrong with `text` as a value of this kind.
  func problem(with text: String) -> SettingProblem? {
    do throws(SettingProblem) {
      _ = try parse(text)
      return nil
    } catch {
      return error
    }
  }
}
