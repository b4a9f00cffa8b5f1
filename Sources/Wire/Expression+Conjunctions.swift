// SPDX-License-Identifier: BSD-3-Clause

extension Expression {
  /// The ways to meet the condition, without those that no packet can meet; none when the condition
  /// can never be met, and nil when there are more than `most`.
  public func conjunctions(most: Int = 64) -> [Conjunction]? {
    Conjunctions(most: most).ways(to: root, isWanted: true)?.filter { !$0.isContradiction }
  }
}

/// Brings conditions into the form of alternatives.
private struct Conjunctions {
  let most: Int

  /// The ways to make the node true, or false.
  func ways(to node: ExpressionNode, isWanted: Bool) -> [Conjunction]? {
    switch node {
    case .present(let name): return [presence(of: name.layers, isWanted)]
    case .flag(let field):
      let one = FieldOperand.value(.number(1))
      return ways(
        to: FieldComparison(field: field, mask: nil, relation: .equal, operands: [one]),
        isWanted)
    case .comparison(let comparison): return ways(to: comparison, isWanted)
    case .not(let node): return ways(to: node, isWanted: !isWanted)
    case .all(let nodes):
      return isWanted ? every(nodes, isWanted) : either(nodes, isWanted)
    case .any(let nodes):
      return isWanted ? either(nodes, isWanted) : every(nodes, isWanted)
    }
  }

  private func presence(of layers: Layers, _ isWanted: Bool) -> Conjunction {
    var way = Conjunction()
    if isWanted { way.demand(layers) } else { way.refuse(layers) }
    return way
  }

  private func either(_ nodes: [ExpressionNode], _ isWanted: Bool) -> [Conjunction]? {
    var result: [Conjunction] = []
    for node in nodes {
      guard let ways = ways(to: node, isWanted: isWanted) else { return nil }
      result += ways
      guard result.count <= most else { return nil }
    }
    return result
  }

  private func every(_ nodes: [ExpressionNode], _ isWanted: Bool) -> [Conjunction]? {
    var result = [Conjunction()]
    for node in nodes {
      guard let ways = ways(to: node, isWanted: isWanted) else { return nil }
      guard result.count * ways.count <= most * most else { return nil }
      result = result.flatMap { old in
        ways.map { old.and($0) }.filter { !$0.isContradiction }
      }
      guard result.count <= most else { return nil }
    }
    return result
  }

  /// True of packets that have the field in one of its places with an accepted value there; false
  /// where all places lack it or have another value.
  private func ways(to comparison: FieldComparison, _ isWanted: Bool) -> [Conjunction]? {
    let places = comparison.field.places.all
    // A packet that has the header may lack the field: then what is not so cannot be told by place.
    guard isWanted || !places.contains(where: { !$0.isAlwaysThere }) else { return nil }
    let alternatives = places.map { place -> [Conjunction] in
      let mask = comparison.mask.map { UInt128($0) & place.greatest } ?? place.greatest
      let masked = Conjunction.MaskedPlace(place: place, mask: mask)
      var ranges = comparison.accepted(at: place)
      if comparison.relation == .notEqual || comparison.relation == .isNotIn {
        ranges = ranges.complement(upTo: place.greatest)
      }
      if isWanted { return ranges.isEmpty ? [] : [demand(masked, ranges)] }
      let others = ranges.complement(upTo: place.greatest)
      let different = others.isEmpty ? [] : [demand(masked, others)]
      return place.layers.isEmpty ? different : [presence(of: place.layers, false)] + different
    }
    guard !isWanted else { return alternatives.flatMap { $0 } }
    return alternatives.reduce([Conjunction()]) { result, ways in
      result.flatMap { old in ways.map { old.and($0) }.filter { !$0.isContradiction } }
    }
  }

  private func demand(
    _ place: Conjunction.MaskedPlace, _ ranges: [ClosedRange<UInt128>]
  ) -> Conjunction {
    var way = Conjunction()
    way.demand(place, in: ranges)
    return way
  }
}

extension FieldPlace {
  /// Whether every packet with the place's header has the field.
  fileprivate var isAlwaysThere: Bool {
    switch origin {
    case .header, .ipProtocol, .innerProtocol, .malformation, .tunnelID, .tunnelCount, .vlanCount,
      .icrc, .trafficClass, .priority, .color, .wireLength, .capturedLength:
      true
    default: false
    }
  }
}
