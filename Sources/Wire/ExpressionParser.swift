// SPDX-License-Identifier: BSD-3-Clause

extension Expression {
  /// The longest text that is read, in bytes.
  public static let longestText = 65536
  /// How deep parentheses and `not` may nest.
  public static let greatestDepth = 64

  /// Reads a condition: comparisons, protocol names and boolean fields with `and`, `or`, `not`.
  public static func parse(_ text: String) throws(ExpressionError) -> Expression {
    guard text.utf8.count <= longestText else {
      throw ExpressionError(
        message: "the condition is longer than \(longestText) bytes", offset: 0, length: 1,
        suggestion: nil)
    }
    var parser = ExpressionParser(text)
    return Expression(text: text, root: try parser.whole())
  }
}

/// Reads `or` of `and` of conditions, by recursive descent; comparisons are in the other file.
struct ExpressionParser {
  var scanner: ExpressionScanner
  private var depth = 0

  init(_ text: String) {
    scanner = ExpressionScanner(text)
    scanner.skipSpace()
  }

  mutating func whole() throws(ExpressionError) -> ExpressionNode {
    guard !scanner.isAtEnd else { throw scanner.unexpected("a condition") }
    let node = try anyOf()
    guard scanner.isAtEnd else { throw leftover() }
    return node
  }

  private mutating func anyOf() throws(ExpressionError) -> ExpressionNode {
    var nodes: [ExpressionNode] = []
    repeat {
      let node = try allOf()
      if case .any(let inner) = node { nodes += inner } else { nodes.append(node) }
    } while scanner.take("||") || scanner.takeWord("or")
    return nodes.count == 1 ? nodes[0] : .any(nodes)
  }

  private mutating func allOf() throws(ExpressionError) -> ExpressionNode {
    var nodes: [ExpressionNode] = []
    repeat {
      let node = try single()
      if case .all(let inner) = node { nodes += inner } else { nodes.append(node) }
    } while scanner.take("&&") || scanner.takeWord("and")
    return nodes.count == 1 ? nodes[0] : .all(nodes)
  }

  private mutating func single() throws(ExpressionError) -> ExpressionNode {
    let here = scanner.next
    guard depth < Expression.greatestDepth else {
      throw scanner.error(
        "the condition nests deeper than \(Expression.greatestDepth) levels", at: here)
    }
    depth += 1
    defer { depth -= 1 }
    if scanner.take("!") || scanner.takeWord("not") { return .not(try single()) }
    guard scanner.take("(") else { return try condition() }
    let node = try anyOf()
    guard scanner.take(")") else {
      guard scanner.isAtEnd else { throw leftover() }
      throw scanner.error("this parenthesis is not closed", at: here)
    }
    return node
  }

  /// What can stand after a complete condition but must not.
  private func leftover() -> ExpressionError {
    let span = scanner.next
    let found = scanner[span]
    if [",", "}"].contains(found) {
      return scanner.error("a set is written in braces, such as ip.dscp in {24, 26}", at: span)
    }
    if found == ")" { return scanner.error("this parenthesis was never opened", at: span) }
    if FieldRelation(rawValue: found) != nil || found == "=" {
      return scanner.error(
        "comparisons do not chain; join two of them with 'and'", at: span)
    }
    if ["AND", "OR", "&", "|"].contains(found) {
      let meant = ["AND": "and", "OR": "or", "&": "and", "|": "or"]
      return scanner.error("expected 'and' or 'or'", at: span, suggestion: meant[found])
    }
    return scanner.unexpected("'and', 'or' or the end")
  }
}
