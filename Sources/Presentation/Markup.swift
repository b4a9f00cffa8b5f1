// SPDX-License-Identifier: BSD-3-Clause

/// Text in HTML, SVG and Mermaid.
public enum Markup {
  /// The text with the characters written out that these take for their own: in an element as well
  /// as in an attribute.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
