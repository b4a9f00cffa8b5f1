// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Rules that are asked one after the other, the winners first.
public struct RuleProgram: ~Copyable {
  @usableFromInline let conditions: UnsafeMutablePointer<Predicate>
  @usableFromInline let numbers: UnsafeMutablePointer<UInt32>
  public let count: Int

  /// The numbers must ascend.
  public init(_ rules: [(condition: Expression, rule: UInt32)]) {
    count = rules.count
    conditions = .allocate(capacity: max(count, 1))
    numbers = .allocate(capacity: max(count, 1))
    for (index, rule) in rules.enumerated() {
      (conditions + index).initialize(to: Predicate(rule.condition))
      numbers[index] = rule.rule
    }
  }

  deinit {
    conditions.deinitialize(count: count).deallocate()
    numbers.deallocate()
  }

  /// Lowers `results` to the first of the rules that each packet of `selection` meets.
  ///
  /// - Parameter common: what all results are; nil where they differ.
  @inlinable
  public func lookUp<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, _ results: UnsafeMutablePointer<UInt32>,
    common: UInt32? = nil
  ) {
    var open = selection
    for index in 0..<count {
      let number = numbers[index]
      if let common {
        guard number < common else { return }
      } else {
        open = undecided(open, before: number, results)
      }
      guard open != 0 else { return }
      let matched = conditions[index].evaluate(open, source)
      var bits = matched
      while bits != 0 {
        results[bits.trailingZeroBitCount] = number
        bits &= bits &- 1
      }
      open &= ~matched
    }
  }

  /// The packets for which no rule before `number` was found.
  @inlinable @inline(__always)
  func undecided(
    _ open: UInt64, before number: UInt32, _ results: UnsafeMutablePointer<UInt32>
  ) -> UInt64 {
    var open = open
    var bits = open
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      open &= ~(UInt64(results[index] < number ? 1 : 0) &<< UInt64(index))
    }
    return open
  }
}
