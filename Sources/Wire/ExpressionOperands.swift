// SPDX-License-Identifier: BSD-3-Clause

/// Reads what stands to the right of a comparison.
struct OperandReader {
  let field: Field
  let mask: UInt64?
  let relation: FieldRelation

  mutating func read(_ scanner: inout ExpressionScanner) throws(ExpressionError) -> [FieldOperand] {
    guard relation == .isIn || relation == .isNotIn else {
      let start = scanner.position
      let operand = try operand(&scanner)
      if case .value = operand { return [operand] }
      throw scanner.error(
        "a range or block is compared with 'in', not '\(relation.rawValue)'",
        at: ExpressionScanner.Span(start: start, end: scanner.lastEnd))
    }
    let brace = scanner.next
    guard scanner.take("{") else { return [try alone(&scanner)] }
    var operands: [FieldOperand] = []
    repeat { operands.append(try operand(&scanner)) } while scanner.take(",")
    guard scanner.take("}") else {
      guard scanner.isAtEnd else { throw scanner.unexpected("',' or '}'") }
      throw scanner.error("this set is not closed", at: brace)
    }
    return operands
  }

  /// Without braces it must be a range or a block.
  private func alone(_ scanner: inout ExpressionScanner) throws(ExpressionError) -> FieldOperand {
    let start = scanner.next
    if scanner[start] == "(" || scanner[start] == "[" {
      throw scanner.error("a set is written in braces: {...}", at: start)
    }
    let operand = try operand(&scanner)
    guard case .value(let value) = operand else { return operand }
    throw scanner.error(
      "'in' needs a set, a range or a block",
      at: ExpressionScanner.Span(start: start.start, end: scanner.lastEnd),
      suggestion: "{\(kind.text(of: value))}")
  }

  private func operand(
    _ scanner: inout ExpressionScanner
  ) throws(ExpressionError) -> FieldOperand {
    let start = scanner.position
    if let prefix = try prefix(&scanner) { return .prefix(prefix) }
    let low = try value(&scanner)
    guard scanner.take("..") else { return .value(low) }
    let high = try value(&scanner)
    let span = ExpressionScanner.Span(start: start, end: scanner.lastEnd)
    guard let isEmpty = low > high else {
      throw scanner.error("the ends of the range are not of one kind", at: span)
    }
    guard !isEmpty else {
      throw scanner.error("the range is empty: its ends are swapped", at: span)
    }
    return .range(low, high)
  }

  private var kind: FieldKind { mask == nil ? field.kind : .hexadecimal(bits: field.kind.bits) }

  private func value(_ scanner: inout ExpressionScanner) throws(ExpressionError) -> FieldValue {
    if let names = kind.names, let span = scanner.takeLongest(of: names) {
      return .number(names.value(of: scanner[span]) ?? 0)
    }
    let (text, span) = scanner.takeValue()
    guard !text.isEmpty else { throw scanner.unexpected(kind.noun) }
    do throws(FieldError) {
      return try kind.parse(text, for: field.name)
    } catch {
      throw scanner.error(error.message, at: span, suggestion: error.suggestion)
    }
  }

  /// A word with a slash in it, or nil when the next one has none.
  private func prefix(_ scanner: inout ExpressionScanner) throws(ExpressionError) -> IPPrefix? {
    var ahead = scanner
    let (text, span) = ahead.takeValue()
    guard text.utf8.contains(UInt8(ascii: "/")) else { return nil }
    scanner = ahead
    guard mask == nil, kind.takesPrefixes else {
      throw scanner.error("\(field.name) is not an IP address, so no block contains it", at: span)
    }
    guard let prefix = IPPrefix(text) else { throw malformed(text, at: span, scanner) }
    switch (kind, prefix.address) {
    case (.ipv4, .v6), (.ipv6, .v4):
      throw scanner.error("\(field.name) takes \(kind.noun), found the block \(text)", at: span)
    default: return prefix
    }
  }

  /// Tells an address with bits past the length from what is no block at all.
  private func malformed(
    _ text: String, at span: ExpressionScanner.Span, _ scanner: ExpressionScanner
  ) -> ExpressionError {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let address = IPPrefix.Address(parts[0]),
      let length = prefixLength(parts[1]), let block = IPPrefix(address, length: length)
    {
      return scanner.error(
        "\(text) has bits set past its length", at: span, suggestion: block.description)
    }
    return scanner.error(
      "'\(excerpt(text))' is not a block of addresses such as 10.0.0.0/8 or fd00::/8", at: span)
  }
}

extension FieldKind {
  fileprivate var takesPrefixes: Bool {
    switch self {
    case .ipv4, .ipv6, .ip: true
    default: false
    }
  }
}

/// Nil when the two are not of one kind.
private func > (left: FieldValue, right: FieldValue) -> Bool? {
  switch (left, right) {
  case (.number(let left), .number(let right)): left > right
  case (.mac(let left), .mac(let right)): left > right
  case (.ipv4(let left), .ipv4(let right)): left > right
  case (.ipv6(let left), .ipv6(let right)): left > right
  default: nil
  }
}
