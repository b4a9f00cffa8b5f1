// SPDX-License-Identifier: BSD-3-Clause

extension Expression: CustomStringConvertible {
  /// In the one recommended spelling; reads back as the same condition.
  public var description: String { root.description }
}

extension ExpressionNode: CustomStringConvertible {
  public var description: String {
    switch self {
    case .present(let name): name.name
    case .flag(let field): field.name
    case .comparison(let comparison): comparison.description
    case .not(let node): node.isList ? "not (\(node))" : "not \(node)"
    case .all(let nodes): nodes.map { $0.isAny ? "(\($0))" : "\($0)" }.joined(separator: " and ")
    case .any(let nodes): nodes.map(\.description).joined(separator: " or ")
    }
  }

  private var isList: Bool {
    switch self {
    case .all, .any: true
    default: false
    }
  }

  private var isAny: Bool {
    if case .any = self { true } else { false }
  }
}

extension FieldComparison: CustomStringConvertible {
  public var description: String {
    let masked = mask.map { " & 0x" + String($0, radix: 16) } ?? ""
    return "\(field.name)\(masked) \(relation.rawValue) \(operandText)"
  }

  /// A lone range or block needs no braces.
  private var operandText: String {
    let texts = operands.map(text)
    guard relation == .isIn || relation == .isNotIn else { return texts.joined() }
    if texts.count == 1, case .value = operands[0] { return "{\(texts[0])}" }
    return texts.count == 1 ? texts[0] : "{\(texts.joined(separator: ", "))}"
  }

  private func text(_ operand: FieldOperand) -> String {
    switch operand {
    case .value(let value): operandKind.text(of: value)
    case .range(let low, let high): "\(operandKind.text(of: low))..\(operandKind.text(of: high))"
    case .prefix(let prefix): prefix.description
    }
  }
}

extension FieldComparison {
  /// Masked bits are a number, whatever the field is.
  var operandKind: FieldKind {
    mask == nil ? field.kind : .hexadecimal(bits: field.kind.bits)
  }
}
