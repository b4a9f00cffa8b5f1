// SPDX-License-Identifier: BSD-3-Clause

@testable import Wire

extension Headers {
  /// What `parse` finds. Tests and fuzzers call it here, and tests of single things nowhere else.
  init(
    parsing bytes: UnsafeRawPointer, captured: Int, wireLength: Int, link: LinkType,
    by rules: UnsafePointer<ParserRules> = standardRules
  ) {
    self.init()
    parse(bytes, captured: captured, wireLength: wireLength, link: link, by: rules, into: &self)
  }

  /// The same without the straight paths for usual packets.
  init(
    slowlyParsing bytes: UnsafeRawPointer, captured: Int, wireLength: Int, link: LinkType,
    by rules: UnsafePointer<ParserRules> = standardRules
  ) {
    self.init()
    parseAny(bytes, captured: captured, wireLength: wireLength, link: link, by: rules, into: &self)
  }

  func isIdentical(to other: Headers) -> Bool {
    withUnsafeBytes(of: self) { mine in
      withUnsafeBytes(of: other) { theirs in mine.elementsEqual(theirs) }
    }
  }
}
