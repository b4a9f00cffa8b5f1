// SPDX-License-Identifier: BSD-3-Clause

@testable import Wire

/// What parsers go by that were told nothing else.
nonisolated(unsafe) let standardRules: UnsafePointer<ParserRules> = {
  let rules = UnsafeMutablePointer<ParserRules>.allocate(capacity: 1)
  rules.initialize(to: ParserRules(ParserOptions()))
  return UnsafePointer(rules)
}()

/// What parsers go by that look for all there is, and read what can be read in two ways the other
/// way than by default.
nonisolated(unsafe) let thoroughRules: UnsafePointer<ParserRules> = {
  var options = ParserOptions()
  options.reliableDatagram = .dc
  options.tunnelDepth = 4
  options.iwarp = .detect
  options.iwarpPorts = [1024]
  let rules = UnsafeMutablePointer<ParserRules>.allocate(capacity: 1)
  rules.initialize(to: ParserRules(options))
  return UnsafePointer(rules)
}()

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
