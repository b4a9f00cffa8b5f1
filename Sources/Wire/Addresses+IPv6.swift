// SPDX-License-Identifier: BSD-3-Clause

extension IPv6Address: Comparable, CustomStringConvertible {
  public static func < (left: IPv6Address, right: IPv6Address) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  /// Reads any form of RFC 4291 section 2.2; a zone (`%eth0`) is not part of an address.
  public init?(_ text: some StringProtocol) {
    guard let groups = IPv6Groups(text)?.complete else { return nil }
    let halves = [groups[..<4], groups[4...]].map { $0.reduce(0) { $0 << 16 | UInt64($1) } }
    self.init(high: halves[0], low: halves[1])
  }

  /// The one recommended form (RFC 5952).
  public var description: String {
    let groups = groups
    if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xffff {
      return "::ffff:\(IPv4Address(value: UInt32(truncatingIfNeeded: low)))"
    }
    guard let zeros = longestZeros(groups) else { return joined(groups[...]) }
    return joined(groups[..<zeros.lowerBound]) + "::" + joined(groups[zeros.upperBound...])
  }

  private var groups: [UInt16] {
    [high, low].flatMap { half in
      [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
    }
  }

  private func joined(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The first of the longest runs of at least two zero groups.
  private func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<1
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > longest.count {
        longest = start..<(index + 1)
      }
    }
    return longest.count >= 2 ? longest : nil
  }
}

/// The 16-bit groups of an IPv6 address as they are written, and where `::` stands among them.
private struct IPv6Groups {
  var groups: [UInt16] = []
  var gap: Int?

  init?(_ text: some StringProtocol) {
    // The longest form is six full groups and a dotted IPv4 address.
    guard text.utf8.count <= 45 else { return nil }
    var rest = Array(text.utf8)[...]
    if rest.starts(with: "::".utf8) {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let piece = rest.prefix { $0 != UInt8(ascii: ":") }
      rest = rest.dropFirst(piece.count)
      guard append(piece, isLast: rest.isEmpty) else { return nil }
      if rest.isEmpty { break }
      guard skipColons(&rest) else { return nil }
    }
  }

  /// All eight groups, with zeros in the place of `::`.
  var complete: [UInt16]? {
    guard let gap else { return groups.count == 8 ? groups : nil }
    guard groups.count < 8 else { return nil }
    let zeros = [UInt16](repeating: 0, count: 8 - groups.count)
    return groups[..<gap] + zeros + groups[gap...]
  }

  private mutating func append(_ piece: ArraySlice<UInt8>, isLast: Bool) -> Bool {
    if isLast, let dotted = IPv4Address(String(decoding: piece, as: UTF8.self)) {
      groups += [UInt16(dotted.value >> 16), UInt16(dotted.value & 0xffff)]
      return true
    }
    guard (1...4).contains(piece.count) else { return false }
    var group: UInt16 = 0
    for character in piece {
      guard let digit = hexadecimalDigit(character) else { return false }
      group = group << 4 | UInt16(digit)
    }
    groups.append(group)
    return true
  }

  /// Passes `:`, which a group must follow, or the one `::`, which may be the end.
  private mutating func skipColons(_ rest: inout ArraySlice<UInt8>) -> Bool {
    rest = rest.dropFirst()
    guard rest.first == UInt8(ascii: ":") else { return !rest.isEmpty }
    guard gap == nil else { return false }
    gap = groups.count
    rest = rest.dropFirst()
    return true
  }
}
