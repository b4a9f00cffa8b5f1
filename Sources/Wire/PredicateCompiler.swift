// SPDX-License-Identifier: BSD-3-Clause

/// Writes a predicate's instructions.
struct PredicateCompiler {
  private(set) var program: [PredicateInstruction] = []
  /// Low ends and spans by turns.
  private(set) var ranges: [UInt64] = []
  private(set) var greatestDepth = 0
  private var depth = 0

  mutating func add(_ node: PredicateNode) {
    switch node {
    case .test(let test): program.append(instruction(for: test))
    case .all(let nodes): nodes.forEach { add($0) }
    case .any(let nodes):
      guard nodes.count != 1 else { return add(nodes[0]) }
      addAlternatives(nodes)
    }
  }

  private mutating func addAlternatives(_ nodes: [PredicateNode]) {
    guard !nodes.isEmpty else { return program.append(Self.never) }
    let place = Int32(depth)
    depth += 1
    greatestDepth = max(greatestDepth, depth)
    for (index, node) in nodes.enumerated() {
      program.append(bracket(index == 0 ? .begin : .otherwise, place))
      add(node)
    }
    program.append(bracket(.end, place))
    depth -= 1
  }

  private func bracket(
    _ operation: PredicateInstruction.Operation, _ place: Int32
  ) -> PredicateInstruction {
    var instruction = Self.never
    instruction.operation = operation
    instruction.depth = place
    return instruction
  }

  /// No packet has one of no layers.
  private static var never: PredicateInstruction {
    PredicateInstruction(.present, .none, or: .none)
  }

  private mutating func instruction(for test: PredicateNode.WordTest) -> PredicateInstruction {
    var instruction = PredicateInstruction(.present, test.word, or: test.other)
    instruction.isNegated = test.isNegated
    guard let wanted = test.ranges, let first = wanted.first, let last = wanted.last else {
      return instruction
    }
    instruction.expected = test.expected
    instruction.low = first.lowerBound
    if wanted.count == 1 {
      instruction.operation = .range
      instruction.span = first.upperBound - first.lowerBound
    } else if last.upperBound - first.lowerBound < 64 {
      instruction.operation = .bitmap
      instruction.span = bitmap(wanted, from: first.lowerBound)
    } else {
      instruction.operation = .set
      instruction.low = UInt64(ranges.count)
      instruction.count = Int32(wanted.count)
      ranges += wanted.flatMap { [$0.lowerBound, $0.upperBound - $0.lowerBound] }
    }
    return instruction
  }

  private func bitmap(_ ranges: [ClosedRange<UInt64>], from low: UInt64) -> UInt64 {
    ranges.joined().reduce(0) { $0 | 1 << ($1 - low) }
  }
}

extension FieldWord {
  /// That of no header.
  static let none = FieldWord(layers: 0, origin: .header, slot: 0, start: 0, shift: 0, mask: 0)
}
