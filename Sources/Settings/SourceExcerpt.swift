// SPDX-License-Identifier: BSD-3-Clause

/// One line of a source, cut to what a terminal shows, and what underlines a stretch of it.
struct SourceExcerpt {
  private(set) var line = ""
  /// Blanks that are as wide as what stands before the stretch; tabs stay tabs.
  private(set) var indentation = ""
  private(set) var underline = "^"

  private static let before = 100
  private static let atMost = 160

  init?(of location: SourceLocation) {
    guard location.line > 0, let text = location.source.line(location.line),
      text.contains(where: { !$0.isWhitespace })
    else { return nil }
    let scalars = text.unicodeScalars
    let column = max(0, location.column - 1)
    let skipped = max(0, column - SourceExcerpt.before)
    let shown = scalars.dropFirst(skipped).prefix(SourceExcerpt.atMost)
    let isCutAhead = skipped > 0
    let isCutBehind = shown.endIndex < scalars.endIndex
    let head = shown.prefix(column - skipped)
    let marked = shown.dropFirst(column - skipped).prefix(max(1, location.length))

    let visible = String(String.UnicodeScalarView(shown)).oneLine
    line = (isCutAhead ? "…" : "") + visible + (isCutBehind ? "…" : "")
    indentation = (isCutAhead ? " " : "") + head.map(SourceExcerpt.blank).joined()
    let width = marked.reduce(0) { $0 + SourceExcerpt.width($1) }
    underline = "^" + String(repeating: "~", count: max(0, width - 1))
  }

  private static func blank(_ scalar: Unicode.Scalar) -> String {
    scalar == "\t" ? "\t" : String(repeating: " ", count: width(scalar))
  }

  /// Terminal cells: 2 for East Asian wide characters and emoji, 0 for combining ones.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// The blocks that Unicode's East Asian Width (UAX 11) calls wide or fullwidth.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
