// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Which rules go into which kind of table. Rules are numbered by precedence: 0 wins over 1.
///
/// A rule is looked at as the alternatives that meet its condition (`Conjunction`), and each
/// alternative goes where it costs least. Few alike are not worth a table of their own.
public struct RulePlan: Sendable {
  /// Rules that demand single values of the same fields.
  public struct Exact: Sendable {
    public let fields: [Field]
    public var entries: [(values: [UInt128], rule: UInt32)] = []
  }

  /// Rules that demand blocks of one address and nothing else.
  public struct Prefix: Sendable {
    public let field: Field
    public var entries: [(prefix: IPPrefix, rule: UInt32)] = []
  }

  /// Rules that demand ranges or some of the bits of several fields.
  public struct Ternary: Sendable {
    public var places: [FieldPlace] = []
    public var rules: [TernaryRule] = []
  }

  public private(set) var exact: [Exact] = []
  public private(set) var prefixes: [Prefix] = []
  public private(set) var ternary: [Ternary] = []
  /// Rules that are asked one after the other, with the reason.
  public private(set) var program: [(rule: UInt32, reason: Reason)] = []
  /// The first rule that every packet meets.
  public private(set) var always: UInt32?

  /// Why a rule is in no table.
  public enum Reason: String, CaseIterable, Sendable {
    case few = "too few rules are like it for a table"
    case alternatives = "it has too many alternatives"
    case wide = "it is about more fields than a table takes"
    case masks = "it holds some of a field's bits against more than one value"
  }

  /// So many alike make a table.
  public static let fewest = 8
  /// What the key of one table of ranges and bits takes, in words of 32 bits.
  public static let widestTernary = 40

  /// - Parameter rules: each rule's alternatives; nil where there are too many.
  public init(_ rules: [[Conjunction]?]) {
    var sorting = RuleSorting()
    for (number, ways) in rules.enumerated() { sorting.add(ways, UInt32(number)) }
    sorting.settle()
    exact = sorting.exact.sorted(by: RuleSorting.isBefore).map(\.value)
      .sorted { $0.entries[0].rule < $1.entries[0].rule }
    prefixes = sorting.prefixes.sorted { $0.key.isBefore($1.key) }.map(\.value)
      .sorted { $0.entries[0].rule < $1.entries[0].rule }
    ternary = sorting.ternary
    program = sorting.program.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    always = sorting.always
  }
}

/// Rules on their way into tables.
private struct RuleSorting {
  var exact: [[Field]: RulePlan.Exact] = [:]
  var prefixes: [Field: RulePlan.Prefix] = [:]
  var ternary: [RulePlan.Ternary] = []
  var program: [UInt32: RulePlan.Reason] = [:]
  var always: UInt32?
  /// What found no table yet.
  private var loose: [(condition: Conjunction, rule: UInt32)] = []

  mutating func add(_ ways: [Conjunction]?, _ rule: UInt32) {
    guard let ways else {
      program[rule] = .alternatives
      return
    }
    for way in ways {
      if way.isEverything {
        always = min(always ?? rule, rule)
      } else if let key = way.exactKey, key.values.count <= 64 {
        for values in key.values {
          exact[key.fields, default: .init(fields: key.fields)].entries.append((values, rule))
        }
      } else if let block = way.blocks {
        for prefix in block.prefixes {
          prefixes[block.field, default: .init(field: block.field)].entries
            .append((prefix, rule))
        }
      } else {
        loose.append((way, rule))
      }
    }
  }

  /// Gives up tables that hardly anything is in, and makes tables of the rest.
  mutating func settle() {
    // In an order that is the same in every run: what tables take depends on it.
    for (fields, table) in exact.sorted(by: Self.isBefore)
    where table.entries.count < RulePlan.fewest {
      exact[fields] = nil
      loose += table.entries.map { (Conjunction(fields, $0.values), $0.rule) }
    }
    for (field, table) in prefixes.sorted(by: { $0.key.isBefore($1.key) })
    where table.entries.count < RulePlan.fewest {
      prefixes[field] = nil
      loose += table.entries.map { (Conjunction(field, $0.prefix), $0.rule) }
    }
    guard loose.count >= RulePlan.fewest else {
      for entry in loose { program[entry.rule] = program[entry.rule] ?? .few }
      return
    }
    loose.sort { $0.rule < $1.rule }
    for entry in loose { addTernary(entry.condition, entry.rule) }
  }

  static func isBefore(
    _ one: (key: [Field], value: RulePlan.Exact), _ other: (key: [Field], value: RulePlan.Exact)
  ) -> Bool {
    one.key.lexicographicallyPrecedes(other.key) { $0.isBefore($1) }
  }

  /// Into the first table that the fields still fit in.
  private mutating func addTernary(_ condition: Conjunction, _ rule: UInt32) {
    for index in ternary.indices where ternary[index].add(condition, rule) { return }
    var table = RulePlan.Ternary()
    guard TernaryRule.rules(condition, rule) != nil, table.add(condition, rule) else {
      program[rule] = TernaryRule.rules(condition, rule) == nil ? .masks : .wide
      return
    }
    ternary.append(table)
  }
}

extension RulePlan.Ternary {
  /// The key's width in words of 32 bits.
  var width: Int { places.reduce(0) { $0 + $1.words32 } }

  /// False where the fields are too many, or the condition is none for a table.
  fileprivate mutating func add(_ condition: Conjunction, _ rule: UInt32) -> Bool {
    let new = Set(condition.values.keys.map(\.place)).subtracting(places)
    guard new.reduce(width, { $0 + $1.words32 }) <= RulePlan.widestTernary,
      let alternatives = TernaryRule.rules(condition, rule)
    else { return false }
    places += new.sorted { $0.isBefore($1) }
    rules += alternatives
    return true
  }
}

extension TernaryRule {
  /// The condition as rules with one range for each field; nil where there would be too many, or
  /// where some of a field's bits may have several values.
  fileprivate static func rules(_ condition: Conjunction, _ number: UInt32) -> [TernaryRule]? {
    var fixed: [Test] = []
    var choices: [[Test]] = []
    var count = 1
    let values = condition.values.sorted {
      $0.key.place == $1.key.place
        ? $0.key.mask < $1.key.mask : $0.key.place.isBefore($1.key.place)
    }
    for (masked, ranges) in values {
      let place = masked.place
      if masked.isWhole {
        choices.append(ranges.map { .range(place, $0) })
      } else {
        guard ranges.allSatisfy({ $0.lowerBound == $0.upperBound }) else { return nil }
        choices.append(ranges.map { .bits(place, value: $0.lowerBound, mask: masked.mask) })
      }
      count *= ranges.count
      guard count <= 64 else { return nil }
    }
    let own = Set(condition.values.keys.map(\.place.layers))
    let headers = condition.present.subtracting(own).sorted { $0.rawValue < $1.rawValue }
    fixed += headers.map { .present($0) }
    if !condition.absent.isEmpty { fixed.append(.absent(condition.absent)) }
    let combinations = choices.reduce([fixed]) { old, tests in
      old.flatMap { chosen in tests.map { chosen + [$0] } }
    }
    return combinations.map { TernaryRule(number: number, tests: $0) }
  }
}

extension FieldPlace {
  fileprivate var words32: Int { (width + 31) / 32 }

  /// An order of places, so that rules about the same fields are alike however they are written.
  fileprivate func isBefore(_ other: FieldPlace) -> Bool {
    let own = (layers.rawValue, slot.rawValue, origin.rawValue, bit, width)
    return own < (
      other.layers.rawValue, other.slot.rawValue, other.origin.rawValue, other.bit, other.width
    )
  }
}

extension Field {
  fileprivate func isBefore(_ other: Field) -> Bool {
    places.first.isBefore(other.places.first)
  }
}

extension Conjunction {
  fileprivate init(_ fields: [Field], _ values: [UInt128]) {
    let places = fields.map(\.places.first)
    self.init(Dictionary(uniqueKeysWithValues: zip(places, values.map { [$0...$0] })))
  }

  fileprivate init(_ field: Field, _ prefix: IPPrefix) {
    self.init([field.places.first: [prefix.range]])
  }

  fileprivate var isEverything: Bool { present.isEmpty && absent.isEmpty && values.isEmpty }

  /// Whether the places' own headers are all that is demanded.
  fileprivate var isOfPlacesAlone: Bool {
    absent.isEmpty && !values.isEmpty && values.keys.allSatisfy(\.isWhole)
      && present.allSatisfy { layers in values.keys.contains { $0.place.layers == layers } }
  }

  /// The combinations of single values that are demanded.
  fileprivate var exactKey: (fields: [Field], values: [[UInt128]])? {
    guard isOfPlacesAlone else { return nil }
    var count = 1
    for ranges in values.values {
      for range in ranges where range.lowerBound != range.upperBound { return nil }
      count *= ranges.count
      guard count <= 64 else { return nil }
    }
    let places = values.keys.map(\.place).sorted { $0.isBefore($1) }
    let fields = places.compactMap(FieldTable.field(at:))
    guard fields.count == places.count else { return nil }
    var combinations: [[UInt128]] = [[]]
    for place in places {
      let ranges = values[MaskedPlace(place: place, mask: place.greatest)] ?? []
      combinations = combinations.flatMap { old in ranges.map { old + [$0.lowerBound] } }
    }
    return (fields, combinations)
  }

  /// The blocks of one address that are demanded, and nothing else.
  fileprivate var blocks: (field: Field, prefixes: [IPPrefix])? {
    guard isOfPlacesAlone, values.count == 1, let (masked, ranges) = values.first,
      let field = FieldTable.field(at: masked.place), field.kind == .ipv4 || field.kind == .ipv6
    else { return nil }
    let prefixes = ranges.compactMap { IPPrefix($0, of: field) }
    return prefixes.count == ranges.count ? (field, prefixes) : nil
  }
}

extension IPPrefix {
  /// Nil where a range is no block.
  fileprivate init?(_ range: ClosedRange<UInt128>, of field: Field) {
    let span = range.upperBound - range.lowerBound
    guard span & (span &+ 1) == 0, range.lowerBound & span == 0 else { return nil }
    let length = field.kind.bits - span.nonzeroBitCount
    switch field.value(ofBits: range.lowerBound) {
    case .ipv4(let address): self.init(.v4(address), length: length)
    case .ipv6(let address): self.init(.v6(address), length: length)
    default: return nil
    }
  }

  fileprivate var range: ClosedRange<UInt128> {
    let low: UInt128 =
      switch address {
      case .v4(let address): UInt128(address.value)
      case .v6(let address): UInt128(address.high) << 64 | UInt128(address.low)
      }
    let free = address.bits - length
    return low...(low | (free == 128 ? .max : (1 << UInt128(free)) - 1))
  }
}
