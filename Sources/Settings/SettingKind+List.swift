// SPDX-License-Identifier: BSD-3-Clause

extension SettingKind {
  static func parseList(
    _ text: Substring, of element: SettingKind
  ) throws(SettingProblem) -> SettingValue {
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.count >= 2
    let inside = isBracketed ? text.dropFirst().dropLast() : text
    guard inside.contains(where: { $0 != " " }) else { return .list([]) }
    var values: [SettingValue] = []
    for item in separated(inside) {
      do throws(SettingProblem) {
        values.append(try element.parse(item))
      } catch {
        var problem = error
        problem.offset += text.distance(from: text.startIndex, to: item.startIndex)
        throw problem
      }
    }
    return .list(values)
  }

  /// Splits at commas that stand in no bracket and no quotes, and trims spaces.
  private static func separated(_ text: Substring) -> [Substring] {
    var items: [Substring] = []
    var start = text.startIndex
    var depth = 0
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "([{".contains(character) {
        depth += 1
      } else if ")]}".contains(character) {
        depth -= 1
      } else if character == ",", depth == 0 {
        items.append(trimmed(text[start..<index]))
        start = text.index(after: index)
      }
    }
    items.append(trimmed(text[start...]))
    return items
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
