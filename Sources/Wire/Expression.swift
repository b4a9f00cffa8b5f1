// SPDX-License-Identifier: BSD-3-Clause

/// A condition over packet fields, such as `ip.dscp in {24, 26} and udp`.
public struct Expression: Sendable {
  /// The text that it was read from.
  public let text: String
  public let root: ExpressionNode
}

/// A part of a condition.
///
/// A comparison with a field whose header the packet does not have is false, `!=` and `not in`
/// too; `not (ip.ttl == 1)` is true of a packet without IP.
public indirect enum ExpressionNode: Hashable, Sendable {
  /// The packet has the header.
  case present(ProtocolName)
  /// A boolean field that is set.
  case flag(Field)
  case comparison(FieldComparison)
  case not(ExpressionNode)
  /// At least two.
  case all([ExpressionNode])
  /// At least two.
  case any([ExpressionNode])
}

/// A field held against values.
public struct FieldComparison: Hashable, Sendable {
  public let field: Field
  /// The bits that count (`tcp.flags & 0x02`), when not all do.
  public let mask: UInt64?
  public let relation: FieldRelation
  /// One value, or for `in` and `not in` any number.
  public let operands: [FieldOperand]
}

public enum FieldRelation: String, Hashable, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case isNotIn = "not in"
}

/// What a field is compared with.
public enum FieldOperand: Hashable, Sendable {
  case value(FieldValue)
  /// Both ends belong to it.
  case range(FieldValue, FieldValue)
  case prefix(IPPrefix)
}

extension Expression: Hashable {
  /// Two texts of the same meaning are equal.
  public static func == (left: Expression, right: Expression) -> Bool { left.root == right.root }

  public func hash(into hasher: inout Hasher) { hasher.combine(root) }
}

extension Expression {
  /// The classes that the condition asks for.
  public var trafficClasses: Set<TrafficClass> { Set(root.trafficClasses) }
}

extension ExpressionNode {
  fileprivate var trafficClasses: [TrafficClass] {
    switch self {
    case .present, .flag: return []
    case .not(let node): return node.trafficClasses
    case .all(let nodes), .any(let nodes): return nodes.flatMap { $0.trafficClasses }
    case .comparison(let comparison):
      guard comparison.field.kind == .trafficClass, comparison.mask == nil else { return [] }
      return comparison.operands.compactMap { operand in
        guard case .value(.number(let number)) = operand else { return nil }
        return TrafficClass(number: UInt16(truncatingIfNeeded: number))
      }
    }
  }
}

/// What is wrong with the text of a condition, and where.
public struct ExpressionError: Error, Hashable, CustomStringConvertible {
  /// Without capital and full stop.
  public let message: String
  /// The first character that it is about, counted from 0.
  public let offset: Int
  /// How many characters it is about; 0 at the end of the text.
  public let length: Int
  /// What was perhaps meant instead of those characters.
  public let suggestion: String?

  public var description: String {
    let place = "character \(offset + 1): \(message)"
    return suggestion.map { "\(place); did you mean \($0)?" } ?? place
  }
}
