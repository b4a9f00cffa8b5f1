// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Rules that are doubtful beside the others: those that no packet can meet, and those to which
/// rules before them leave nothing.
public struct RuleFindings: Sendable {
  public enum Finding: Sendable, Equatable {
    /// No packet can meet the rule.
    case contradiction
    /// Each packet that the rule matches is matched by one of these, which win.
    case shadowed(by: [UInt32])
  }

  /// In the rules' order.
  public private(set) var findings: [(rule: UInt32, finding: Finding)] = []
  /// Whether all rules were held against all others before the patience was over.
  public private(set) var isComplete = true

  /// How many pairs of rules are looked at, at most.
  public static let patience = 2_000_000

  /// - Parameter rules: each rule's alternatives by precedence; nil where there are too many.
  public init(_ rules: [[Conjunction]?], patience: Int = patience) {
    var earlier = EarlierRules(patience: patience)
    for (index, ways) in rules.enumerated() {
      let number = UInt32(index)
      guard let ways else { continue }
      if ways.isEmpty {
        findings.append((number, .contradiction))
        continue
      }
      let covers = ways.map { earlier.cover(of: $0) }
      if covers.allSatisfy({ $0 != nil }) {
        findings.append((number, .shadowed(by: Set(covers.compactMap { $0 }).sorted())))
      }
      for way in ways { earlier.add(way, number) }
      guard earlier.patience > 0 else {
        isComplete = index == rules.count - 1
        return
      }
    }
  }
}

/// The rules so far, by the places that they are about: a rule can only be covered by one that is
/// about some of its own places.
private struct EarlierRules {
  var patience: Int
  private var groups: [Set<Conjunction.MaskedPlace>: Group] = [:]

  private struct Group {
    let places: [Conjunction.MaskedPlace]
    /// Those with one value in each place.
    var single: [[UInt128]: [(condition: Conjunction, rule: UInt32)]] = [:]
    var others: [(condition: Conjunction, rule: UInt32)] = []

    mutating func add(_ way: Conjunction, _ rule: UInt32) {
      if let values = way.singleValues(of: places) {
        single[values, default: []].append((way, rule))
      } else {
        others.append((way, rule))
      }
    }
  }

  init(patience: Int) { self.patience = patience }

  mutating func add(_ way: Conjunction, _ rule: UInt32) {
    let key = Set(way.values.keys)
    groups[key, default: Group(places: Array(way.values.keys))].add(way, rule)
  }

  /// An earlier rule that matches whatever `way` does.
  mutating func cover(of way: Conjunction) -> UInt32? {
    for (key, group) in groups where key.allSatisfy({ way.values[$0] != nil }) {
      patience -= 1
      if let values = way.singleValues(of: group.places),
        let found = first(in: group.single[values] ?? [], of: way)
      {
        return found
      }
      if let found = first(in: group.others, of: way) { return found }
    }
    return nil
  }

  private mutating func first(
    in rules: [(condition: Conjunction, rule: UInt32)], of way: Conjunction
  ) -> UInt32? {
    for (condition, rule) in rules {
      guard patience > 0 else { return nil }
      patience -= 1
      if way.implies(condition) { return rule }
    }
    return nil
  }
}

extension Conjunction {
  /// Nil where one of the places may have several values.
  fileprivate func singleValues(of places: [MaskedPlace]) -> [UInt128]? {
    var result: [UInt128] = []
    for place in places {
      guard let ranges = values[place], ranges.count == 1,
        ranges[0].lowerBound == ranges[0].upperBound
      else { return nil }
      result.append(ranges[0].lowerBound)
    }
    return result
  }
}
