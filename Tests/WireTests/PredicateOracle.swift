// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Evaluates a condition for one packet by walking through it, slowly and plainly.
struct PredicateOracle {
  let packets: FieldPackets
  let index: Int

  func holds(_ node: ExpressionNode) -> Bool {
    switch node {
    case .present(let name):
      !packets.headers(index).pointee.layers.isDisjoint(with: name.layers)
    case .flag(let field): field.value(in: packets, at: index) == .number(1)
    case .comparison(let comparison): holds(comparison)
    case .not(let node): !holds(node)
    case .all(let nodes): nodes.allSatisfy(holds)
    case .any(let nodes): nodes.contains(where: holds)
    }
  }

  private func holds(_ comparison: FieldComparison) -> Bool {
    guard var value = comparison.field.value(in: packets, at: index) else { return false }
    if let mask = comparison.mask { value = .number(number(value) & mask) }
    let isAmong = comparison.operands.contains { contains($0, value) }
    guard case .value(let first)? = comparison.operands.first else {
      return comparison.relation == .isIn ? isAmong : !isAmong
    }
    switch comparison.relation {
    case .equal, .isIn: return isAmong
    case .notEqual, .isNotIn: return !isAmong
    case .less: return number(value) < number(first)
    case .lessOrEqual: return number(value) <= number(first)
    case .greater: return number(value) > number(first)
    case .greaterOrEqual: return number(value) >= number(first)
    }
  }

  private func contains(_ operand: FieldOperand, _ value: FieldValue) -> Bool {
    switch (operand, value) {
    case (.value(let other), _): return value == other
    case (.range(.ipv4(let low), .ipv4(let high)), .ipv4(let address)):
      return low <= address && address <= high
    case (.range(.ipv6(let low), .ipv6(let high)), .ipv6(let address)):
      return low <= address && address <= high
    case (.range(.number, .number), .ipv4), (.range(.number, .number), .ipv6): return false
    case (.range(.ipv4, _), _), (.range(.ipv6, _), _): return false
    case (.range(let low, let high), _):
      return number(low) <= number(value) && number(value) <= number(high)
    case (.prefix(let prefix), .ipv4(let address)):
      return IPPrefix(.v4(address), length: prefix.length)?.address == prefix.address
    case (.prefix(let prefix), .ipv6(let address)):
      return IPPrefix(.v6(address), length: prefix.length)?.address == prefix.address
    case (.prefix, _): return false
    }
  }

  private func number(_ value: FieldValue) -> UInt64 {
    switch value {
    case .number(let number): number
    case .mac(let address): address.value
    case .ipv4(let address): UInt64(address.value)
    case .ipv6: 0
    }
  }
}
