// SPDX-License-Identifier: BSD-3-Clause

extension ExpressionParser {
  /// A protocol name, a boolean field or a comparison.
  mutating func condition() throws(ExpressionError) -> ExpressionNode {
    let (name, span) = scanner.takeName()
    guard let first = name.utf8.first else { throw scanner.unexpected("a field or protocol") }
    if let field = FieldTable.field(named: name) { return try comparison(of: field, span) }
    if let known = FieldTable.protocolName(name) {
      try refuseRelation(after: known, span)
      return .present(known)
    }
    guard hexadecimalDigit(first).map({ $0 > 9 }) ?? true else {
      throw scanner.error("a comparison begins with a field, found '\(excerpt(name))'", at: span)
    }
    let words = ["AND": "and", "OR": "or", "NOT": "not"]
    throw scanner.error(
      "there is no field or protocol '\(excerpt(name))'", at: span,
      suggestion: words[name] ?? FieldTable.suggestion(for: name))
  }

  private mutating func comparison(
    of field: Field, _ span: ExpressionScanner.Span
  ) throws(ExpressionError) -> ExpressionNode {
    let mask = try mask(of: field)
    let sign = scanner.next
    guard let relation = try relation() else {
      if case .boolean = field.kind, mask == nil { return .flag(field) }
      throw missingRelation(field, span, mask)
    }
    try check(relation, suits: field, mask, at: sign)
    var operands = OperandReader(field: field, mask: mask, relation: relation)
    return .comparison(
      FieldComparison(
        field: field, mask: mask, relation: relation, operands: try operands.read(&scanner)))
  }

  /// A number after a single `&`.
  private mutating func mask(of field: Field) throws(ExpressionError) -> UInt64? {
    let sign = scanner.next
    guard scanner[sign] == "&", scanner.take("&") else { return nil }
    guard field.kind.bits <= 64 else {
      throw scanner.error("\(field.name) is an address: only numbers can be masked", at: sign)
    }
    guard field.places.all.allSatisfy({ $0.bias == 0 }) else {
      throw scanner.error(
        "\(field.name) is counted, not read, in one version of IP: mask \(ofVersions(field))",
        at: sign)
    }
    let (text, span) = scanner.takeValue()
    guard let number = Number(text) else {
      guard !text.isEmpty else { throw scanner.unexpected("a number after '&'") }
      throw scanner.error(
        "a mask is a number, found '\(excerpt(text))'; 'and' is written '&&'", at: span)
    }
    guard let mask = number.value, mask <= field.kind.greatest else {
      throw scanner.error("\(field.name) is \(field.kind.bits) bits: the mask has more", at: span)
    }
    return mask
  }

  /// What the field is called in either version of IP.
  private func ofVersions(_ field: Field) -> String {
    let parts = field.name.split(separator: ".")
    let versions: [Substring] = ["ipv4", "ipv6"]
    let names = versions.map { version in
      (parts.dropLast(2) + [version] + parts.suffix(1)).joined(separator: ".")
    }
    return names.joined(separator: " or ")
  }

  private mutating func relation() throws(ExpressionError) -> FieldRelation? {
    for sign: FieldRelation in [
      .equal, .notEqual, .lessOrEqual, .greaterOrEqual, .less, .greater,
    ] where scanner.take(sign.rawValue) {
      return sign
    }
    if scanner.takeWord("in") { return .isIn }
    let here = scanner.next
    if scanner.takeWord("not") {
      guard scanner.takeWord("in") else { throw scanner.unexpected("'in' after 'not'") }
      return .isNotIn
    }
    guard scanner[here] != "=" else {
      throw scanner.error("equality is written '=='", at: here, suggestion: "==")
    }
    return nil
  }

  private func missingRelation(
    _ field: Field, _ span: ExpressionScanner.Span, _ mask: UInt64?
  ) -> ExpressionError {
    guard scanner.isAtEnd || mask != nil || [")", "and", "or"].contains(scanner[scanner.next])
    else { return scanner.unexpected("a comparison such as == or in after \(field.name)") }
    return scanner.error(
      "\(field.name) is \(field.kind.noun), which needs a comparison such as == or in", at: span)
  }

  private func check(
    _ relation: FieldRelation, suits field: Field, _ mask: UInt64?, at sign: ExpressionScanner.Span
  ) throws(ExpressionError) {
    guard [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(relation), mask == nil
    else { return }
    switch field.kind {
    case .number, .hexadecimal, .named: return
    case .boolean, .trafficClass, .mac, .ipv4, .ipv6, .ip:
      throw scanner.error("\(field.name) has no order; use ==, != or in", at: sign)
    }
  }

  private func refuseRelation(
    after known: ProtocolName, _ span: ExpressionScanner.Span
  ) throws(ExpressionError) {
    let sign = scanner[scanner.next]
    guard FieldRelation(rawValue: sign) != nil || sign == "=" else { return }
    let fields = FieldTable.all.lazy.map(\.name).filter { $0.hasPrefix(known.name + ".") }
    let examples = fields.prefix(4).joined(separator: ", ")
    throw scanner.error(
      "\(known.name) is a protocol, not a field; its fields are \(examples), ...", at: span)
  }
}
