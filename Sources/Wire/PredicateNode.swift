// SPDX-License-Identifier: BSD-3-Clause

/// A condition brought down to tests of single words, without `not` above a test.
indirect enum PredicateNode {
  case test(WordTest)
  /// True when empty.
  case all([PredicateNode])
  /// False when empty.
  case any([PredicateNode])

  /// Holds `word` against ascending, disjoint `ranges`.
  struct WordTest {
    var word: FieldWord
    /// The same field of packets that lack the word's layers.
    var other = FieldWord.none
    /// Nil asks for nothing but one of the word's layers.
    var ranges: [ClosedRange<UInt64>]?
    var expected = true
    var isNegated = false
  }

  init(_ node: ExpressionNode) {
    switch node {
    case .present(let name): self = .test(WordTest(word: .presence(of: name.layers)))
    case .flag(let field):
      let one = FieldOperand.value(.number(1))
      self.init(
        FieldComparison(field: field, mask: nil, relation: .equal, operands: [one]))
    case .comparison(let comparison): self.init(comparison)
    case .not(let node): self = PredicateNode(node).negated
    case .all(let nodes): self = .all(nodes.map(PredicateNode.init))
    case .any(let nodes): self = .any(nodes.map(PredicateNode.init))
    }
  }

  /// True of the packets with a header that has the field, in any of its places, and a value
  /// that compares as asked.
  private init(_ comparison: FieldComparison) {
    let isExpected = comparison.relation != .notEqual && comparison.relation != .isNotIn
    let nodes = comparison.field.places.all.map { place in
      PredicateNode(place, comparison.accepted(at: place), comparison.mask, isExpected)
    }
    self = nodes.count == 2 ? nodes[0].joined(with: nodes[1]) ?? .any(nodes) : .any(nodes)
  }

  /// One test instead of two that ask the same of headers that no packet has both of, since they
  /// have one place: nearly every field of IP is such a pair.
  private func joined(with node: PredicateNode) -> PredicateNode? {
    guard case .test(var test) = self, case .test(let other) = node, test.ranges != nil,
      test.ranges == other.ranges, test.expected == other.expected,
      test.word.origin == .header, other.word.origin == .header,
      test.word.slot == other.word.slot, test.word.layers & other.word.layers == 0
    else { return nil }
    test.other = other.word
    return .test(test)
  }

  /// `ranges` have the width of the place.
  private init(
    _ place: FieldPlace, _ ranges: [ClosedRange<UInt128>], _ mask: UInt64?, _ isExpected: Bool
  ) {
    var words = place.words
    if ranges.isEmpty {
      self = isExpected ? .any([]) : .test(WordTest(word: .presence(of: place.layers)))
    } else if let high = words.high {
      let nodes = ranges.map { PredicateNode(high, words.low, $0) }
      self = isExpected ? .any(nodes) : PredicateNode.any(nodes).complemented
    } else {
      if let mask { words.low.mask &= mask }
      let narrow = ranges.map {
        UInt64(truncatingIfNeeded: $0.lowerBound)...UInt64(truncatingIfNeeded: $0.upperBound)
      }
      self = .test(WordTest(word: words.low, ranges: narrow, expected: isExpected))
    }
  }

  /// A range of two words: the rest of the first high word, the high words between, and the
  /// beginning of the last one. A block of addresses is only one of the three.
  private init(_ high: FieldWord, _ low: FieldWord, _ range: ClosedRange<UInt128>) {
    let (first, last) = (range.lowerBound.halves, range.upperBound.halves)
    func pair(_ highs: ClosedRange<UInt64>, _ lows: ClosedRange<UInt64>) -> PredicateNode {
      let highTest = PredicateNode.test(WordTest(word: high, ranges: [highs]))
      guard lows != 0...UInt64.max else { return highTest }
      return .all([highTest, .test(WordTest(word: low, ranges: [lows]))])
    }
    guard first.high != last.high else {
      self = pair(first.high...first.high, first.low...last.low)
      return
    }
    var nodes: [PredicateNode] = []
    let from = first.low == 0 ? first.high : first.high + 1
    let through = last.low == .max ? last.high : last.high - 1
    if from <= through { nodes.append(pair(from...through, 0...UInt64.max)) }
    if first.low != 0 { nodes.append(pair(first.high...first.high, first.low...UInt64.max)) }
    if last.low != .max { nodes.append(pair(last.high...last.high, 0...last.low)) }
    self = .any(nodes)
  }

  /// True where this is false, packets without the field included.
  private var negated: PredicateNode { inverted { $0.isNegated.toggle() } }

  /// True where this is false of packets that have the field.
  private var complemented: PredicateNode { inverted { $0.expected.toggle() } }

  private func inverted(_ invert: (inout WordTest) -> Void) -> PredicateNode {
    switch self {
    case .test(var test):
      invert(&test)
      return .test(test)
    case .all(let nodes): return .any(nodes.map { $0.inverted(invert) })
    case .any(let nodes): return .all(nodes.map { $0.inverted(invert) })
    }
  }
}

extension FieldWord {
  fileprivate static func presence(of layers: Layers) -> FieldWord {
    FieldWord(
      layers: layers.rawValue, origin: .header, slot: 0, start: 0, shift: 0, mask: 0)
  }
}

extension UInt128 {
  fileprivate var halves: (high: UInt64, low: UInt64) {
    (UInt64(truncatingIfNeeded: self >> 64), UInt64(truncatingIfNeeded: self))
  }
}
