// SPDX-License-Identifier: BSD-3-Clause

extension Quantity {
  /// Reads a number with its unit, such as `1.5ms`, into the base unit.
  func parse(_ text: Substring) throws(SettingProblem) -> Double {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
    let rest = text[number.endIndex...]
    guard let value = Quantity.decimal(number) else {
      throw SettingProblem(
        "expected \(noun) such as \(sample), found '\(text.shortened)'", in: text)
    }
    if rest.isEmpty { throw missingUnit(number, value) }
    let name = rest.drop { $0 == " " }
    guard let unit = units.first(where: { $0.name == name }) else {
      throw unknownUnit(number, name, in: text)
    }
    if name.startIndex != rest.startIndex {
      throw SettingProblem(
        "a unit follows its number without a space", in: text, fix: "write \(number)\(name)")
    }
    return value * unit.multiplier / unit.divisor
  }

  /// A value in the unit that shows it best: `50us` rather than `0.00005s`.
  public func text(for value: Double) -> String {
    guard value.isFinite else { return value < 0 ? "no limit below" : "no limit" }
    let candidates = units.reversed().map { unit in
      (unit.name, value * unit.divisor / unit.multiplier)
    }
    let best =
      candidates.first { abs($0.1) >= 1 && Quantity.isShort($0.1) }
      ?? candidates.first { abs($0.1) >= 1 } ?? candidates.last ?? ("", value)
    return Quantity.shortText(best.1) + best.0
  }

  /// Digits with an optional fraction and sign; no exponent, no separators.
  static func decimal(_ text: Substring) -> Double? {
    let digits = text.first == "-" ? text.dropFirst() : text
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && !$0.contains("-") })
    else { return nil }
    return Double(text)
  }

  private static func isShort(_ value: Double) -> Bool {
    abs(value) < 10_000 && (value * 10).rounded() == value * 10
  }

  private static func shortText(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return String(whole) }
    return String((value * 1000).rounded() / 1000)
  }

  private func missingUnit(_ number: Substring, _ value: Double) -> SettingProblem {
    var proposals = usualUnits.map { "\(number)\($0)" }
    if self == .share, value > 0, value <= 1 {
      proposals = [Quantity.shortText(value * 100) + "%"]
    }
    let fix = "write \(proposals.alternatives)"
    return SettingProblem("missing unit after \(number)", in: number, fix: fix)
  }

  private func unknownUnit(
    _ number: Substring, _ name: Substring, in text: Substring
  ) -> SettingProblem {
    let alike = units.first { $0.name.lowercased() == name.lowercased() }
    let names = units.map(\.name)
    return SettingProblem(
      message: "unknown unit '\(name.shortened)'",
      offset: text.distance(from: text.startIndex, to: name.startIndex), length: name.count,
      fix: alike.map { "write \(number)\($0.name)" } ?? "the units are \(names.alternatives)")
  }
}
