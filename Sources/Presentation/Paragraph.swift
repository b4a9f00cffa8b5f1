// SPDX-License-Identifier: BSD-3-Clause

/// Sentences in lines of a width.
public enum Paragraph {
  /// The words in as many lines as they need. A word that is wider than a line has one of its own.
  ///
  /// - Parameters:
  ///   - first: what the first line begins with.
  ///   - indent: spaces that the other lines begin with.
  public static func lines(
    _ text: String, first: String = "", indent: Int = 0, width: Int = 100
  ) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
