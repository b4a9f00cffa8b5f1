// SPDX-License-Identifier: BSD-3-Clause
import Spelling
import Wire

extension SettingKind {
  /// Reads a value as it stands in a pipeline file or on a command line.
  ///
  /// A list is `a, b` or `[a, b]`; a record can only be `{}`, which stands for its defaults.
  public func parse(_ text: some StringProtocol) throws(SettingProblem) -> SettingValue {
    let text = Substring(text)
    switch self {
    case .boolean: return try parseBoolean(text)
    case .integer(let range): return try parseInteger(text, range)
    case .quantity(let quantity, let range): return try parseQuantity(text, quantity, range)
    case .text: return .text(String(text))
    case .path: return .text(try nonEmpty(text))
    case .identifier, .port, .pipeline: return try parseIdentifier(text)
    case .choice(let names): return try parseChoice(text, names)
    case .macAddress, .ipv4Address, .ipv6Address, .ipAddress, .ipPrefix:
      return try parseAddress(text)
    case .expression: return try parseExpression(text)
    case .field(let field): return try parseFieldValue(text, field)
    case .list(let element): return try SettingKind.parseList(text, of: element)
    case .record(let declarations): return try parseRecord(text, declarations)
    case .assignments: throw unexpected(text)
    }
  }

  private func unexpected(_ text: Substring, fix: String? = nil) -> SettingProblem {
    let found = text.isEmpty ? "nothing" : "'\(text.shortened)'"
    return SettingProblem("expected \(self), found \(found)", in: text, fix: fix)
  }

  private func nonEmpty(_ text: Substring) throws(SettingProblem) -> String {
    if text.isEmpty { throw unexpected(text) }
    return String(text)
  }

  private func parseBoolean(_ text: Substring) throws(SettingProblem) -> SettingValue {
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default:
      let meaning = ["yes": "true", "on": "true", "no": "false", "off": "false"]
      let lower = text.lowercased()
      let word = meaning[lower] ?? ["true", "false"].first { $0 == lower }
      throw unexpected(text, fix: word.map { "write \($0)" })
    }
  }

  private func parseInteger(
    _ text: Substring, _ range: ClosedRange<Int>
  ) throws(SettingProblem) -> SettingValue {
    let isNegative = text.first == "-"
    let digits = isNegative ? text.dropFirst() : text
    let isHexadecimal = digits.hasPrefix("0x") && digits.count > 2
    let bare = isHexadecimal ? digits.dropFirst(2) : digits
    let isNumber =
      !bare.isEmpty
      && bare.allSatisfy { $0.isASCII && (isHexadecimal ? $0.isHexDigit : $0.isNumber) }
    guard isNumber else { throw unexpected(text) }
    let value = Int((isNegative ? "-" : "") + bare, radix: isHexadecimal ? 16 : 10)
    guard let value, range.contains(value) else {
      throw SettingProblem("\(text.shortened) is out of range: expected \(self)", in: text)
    }
    return .integer(value)
  }

  private func parseQuantity(
    _ text: Substring, _ quantity: Quantity, _ range: ClosedRange<Double>
  ) throws(SettingProblem) -> SettingValue {
    let value = try quantity.parse(text)
    guard range.contains(value) else {
      throw SettingProblem("\(text.shortened) is out of range: expected \(self)", in: text)
    }
    if quantity == .size, value.rounded() != value {
      throw SettingProblem("\(text.shortened) is not a whole number of bytes", in: text)
    }
    return .quantity(value)
  }

  private func parseIdentifier(_ text: Substring) throws(SettingProblem) -> SettingValue {
    guard !text.isEmpty else { throw unexpected(text) }
    let stray = text.firstIndex { !SettingKind.isIdentifierCharacter($0) }
    guard let stray else { return .text(String(text)) }
    throw SettingProblem(
      message: "'\(String(text[stray]).oneLine)' cannot be part of a name",
      offset: text.distance(from: text.startIndex, to: stray), length: 1,
      fix: "use letters, digits, '-', '_' and '.'")
  }

  private static func isIdentifierCharacter(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || "-_.".contains(character))
  }

  private func parseChoice(
    _ text: Substring, _ names: [String]
  ) throws(SettingProblem) -> SettingValue {
    let word = String(text)
    if names.contains(word) { return .text(word) }
    let meant = Spelling.nearest(to: word, among: names)
    throw unexpected(text, fix: meant.map { "did you mean '\($0)'?" })
  }

  private func parseAddress(_ text: Substring) throws(SettingProblem) -> SettingValue {
    let value: SettingValue? =
      switch self {
      case .macAddress: MACAddress(text).map { .macAddress($0) }
      case .ipv4Address: IPv4Address(text).map { .ipv4Address($0) }
      case .ipv6Address: IPv6Address(text).map { .ipv6Address($0) }
      case .ipAddress: IPPrefix.Address(text).map { .ipAddress($0) }
      default: IPPrefix(text).map { .ipPrefix($0) }
      }
    if let value { return value }
    throw unexpected(text)
  }

  private func parseExpression(_ text: Substring) throws(SettingProblem) -> SettingValue {
    guard text.contains(where: { !$0.isWhitespace }) else { throw unexpected(text) }
    do throws(ExpressionError) {
      return .expression(try Expression.parse(String(text)))
    } catch {
      throw SettingProblem(
        message: error.message, offset: error.offset, length: error.length,
        fix: error.suggestion.map { "did you mean '\($0)'?" })
    }
  }

  private func parseFieldValue(
    _ text: Substring, _ field: Field
  ) throws(SettingProblem) -> SettingValue {
    do throws(FieldError) {
      return .field(try field.parse(text))
    } catch {
      throw SettingProblem(
        error.message, in: text, fix: error.suggestion.map { "did you mean \($0)?" })
    }
  }

  private func parseRecord(
    _ text: Substring, _ declarations: [any SettingDeclaration]
  ) throws(SettingProblem) -> SettingValue {
    guard text == "{}" else { throw unexpected(text) }
    do throws(SettingsError) {
      return .record(try SettingValues(declarations))
    } catch {
      throw SettingProblem(error.message, in: text, fix: error.fix)
    }
  }
}
