// SPDX-License-Identifier: BSD-3-Clause

extension Sequence<String> {
  /// The words as a sentence lists them: `a, b or c`.
  public var alternatives: String {
    let words = Array(self)
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension StringProtocol {
  /// The text without what could break a line, steer a terminal or reverse its direction.
  public var oneLine: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(scalar.isPlain ? scalar : "\u{FFFD}") }
    return String(result)
  }

  /// What a message quotes of a text that may be long or hostile.
  public var shortened: String {
    let limit = 60
    let isCut = index(startIndex, offsetBy: limit, limitedBy: endIndex).map { $0 < endIndex }
    return prefix(limit).oneLine + (isCut == true ? "…" : "")
  }
}

extension Unicode.Scalar {
  fileprivate var isPlain: Bool {
    switch value {
    case 0x09: true
    case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}
