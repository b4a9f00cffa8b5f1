// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Tables
import Wire

/// What a check says of rules: which table each went into, and which are doubtful.
struct RuleReport {
  private(set) var lines: [String] = []
  private let rules: [Rule]
  private let origin: SourceLocation?

  /// So many rules are named one by one.
  private static let named = 8
  /// So many warnings are enough.
  private static let mostWarnings = 50

  init(_ rules: [Rule], _ plan: RulePlan, at origin: SourceLocation?) {
    self.rules = rules
    self.origin = origin
    lines.append("\(rules.count) rules")
    for table in plan.exact {
      let fields = table.fields.map(\.name).joined(separator: ", ")
      add("exact match of \(fields)", table.entries.map(\.rule), "all ask for single values")
    }
    for table in plan.prefixes {
      add(
        "blocks of \(table.field.name)", table.entries.map(\.rule),
        "all ask for blocks of it and nothing else")
    }
    for table in plan.ternary {
      let fields = table.places.map(Self.name(of:)).joined(separator: ", ")
      add(
        "ranges and bits of \(fields.isEmpty ? "headers" : fields)", table.rules.map(\.number),
        "they ask for ranges, some of the bits, or not all of the fields")
    }
    for reason in RulePlan.Reason.allCases {
      let numbers = plan.program.filter { $0.reason == reason }.map(\.rule)
      if !numbers.isEmpty { add("one after the other", numbers, reason.rawValue) }
    }
    if let always = plan.always { add("every packet", [always], "it has no condition") }
  }

  private mutating func add(_ table: String, _ numbers: [UInt32], _ reason: String) {
    let distinct = Set(numbers).sorted()
    let noun = distinct.count == 1 ? "1 rule" : "\(distinct.count) rules"
    let shown = distinct.prefix(Self.named).map { name(of: rules[Int($0)]) }
      .joined(separator: ", ")
    let rest = distinct.count > Self.named ? ", ..." : ""
    lines.append("\(table): \(noun) (\(shown)\(rest)); \(reason)")
  }

  private func name(of rule: Rule) -> String { rule.id ?? rule.place(beside: origin) }

  private static func name(of place: FieldPlace) -> String {
    FieldTable.all.first { $0.places.first == place && $0.places.second == nil }?.name
      ?? FieldTable.all.first { $0.places.all.contains(place) }?.name ?? "?"
  }

  static func warnings(_ rules: [Rule], _ findings: RuleFindings) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for (number, finding) in findings.findings.prefix(mostWarnings) {
      let rule = rules[Int(number)]
      guard let location = rule.settings.location(of: Rule.match) ?? rule.settings.location else {
        continue
      }
      switch finding {
      case .contradiction:
        result.append(
          Diagnostic(
            .warning, at: location, "no packet can ever match this rule",
            fix: "its condition contradicts itself; correct it or remove the rule"))
      case .shadowed(let winners):
        let others = winners.compactMap { rules[Int($0)].settings.location }
        let more = winners.count > 1 ? " and \(winners.count - 1) more" : ""
        result.append(
          Diagnostic(
            .warning, at: location,
            "this rule never gets a packet: another one takes all that it matches",
            fix: "give it a greater priority, or remove it",
            note: others.first.map { Diagnostic.Note("the rule that wins\(more)", at: $0) }))
      }
    }
    if findings.findings.count > mostWarnings, let last = result.last {
      result.append(
        Diagnostic(
          .warning, at: SourceLocation(whole: last.location.source),
          "\(findings.findings.count - mostWarnings) more rules never get a packet"))
    }
    return result
  }
}
