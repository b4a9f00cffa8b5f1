// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// The parameters that files declare, and the values that they were given.
struct Parameters {
  private(set) var declarations: [ParameterDeclaration] = []
  private var values: [String: String] = [:]
  private var locations: [String: SourceLocation] = [:]
  private let given: [String: String]
  private let log: DiagnosticLog

  init(given: [String: String], _ log: DiagnosticLog) {
    self.given = given
    self.log = log
  }

  enum Value {
    case text(String)
    /// Declared, but without a value: complained about at its declaration.
    case missing
    case undeclared
  }

  func value(of name: String) -> Value {
    if let text = values[name] { return .text(text) }
    return locations[name] == nil ? .undeclared : .missing
  }

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
    let (standard, help) = standard(of: entry)
    declarations.append(
      ParameterDeclaration(
        name: entry.key, defaultValue: standard, help: help, location: entry.keyLocation))
    values[entry.key] = given[entry.key] ?? standard
    if values[entry.key] == nil, !isBroken(entry) {
      log.error(
        at: entry.keyLocation, "parameter '\(entry.key)' has neither a value nor a default",
        fix: "run with --set \(entry.key)=…, or write a default")
    }
  }

  /// The default and the help text of `name: default` or `name: {default: …, help: …}`.
  private func standard(of entry: YAMLEntry) -> (standard: String?, help: String?) {
    guard case .mapping(let fields) = entry.value.content else {
      return (text(entry.value, "parameter '\(entry.key)'"), nil)
    }
    var found: [String: String] = [:]
    for field in fields {
      if field.key == "default" || field.key == "help" {
        found[field.key] = text(field.value, "'\(field.key)' of parameter '\(entry.key)'")
      } else {
        log.unknownKey(field, of: "parameter '\(entry.key)'", among: ["default", "help"])
      }
    }
    return (found["default"], found["help"])
  }

  private func text(_ node: YAMLNode, _ name: String) -> String? {
    guard case .scalar(let scalar) = node.content else {
      log.error(at: node.location, "\(name): expected text, found \(node.noun)")
      return nil
    }
    if scalar.text.contains("${") {
      log.error(
        at: node.location, "\(name): a parameter cannot be made of parameters",
        fix: "write the text out")
    }
    return scalar.isAbsent ? nil : scalar.text
  }

  /// Whether the default was complained about already.
  private func isBroken(_ entry: YAMLEntry) -> Bool {
    if case .sequence = entry.value.content { true } else { false }
  }

  /// Complains of values that were given to parameters which no file declares.
  func refuseUnknown() {
    for (name, text) in given.sorted(by: { $0.key < $1.key }) where locations[name] == nil {
      let source = SourceText(name: "command line", text: "--set \(name)=\(text)".oneLine)
      let proposal = DiagnosticLog.proposal(
        for: name, among: declarations.map(\.name), kind: "parameters")
      log.error(
        at: SourceLocation(source: source, line: 1, column: 7, length: name.unicodeScalars.count),
        "no parameter '\(name.shortened)' is declared in the file", fix: proposal)
    }
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
