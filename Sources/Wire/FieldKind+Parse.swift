// SPDX-License-Identifier: BSD-3-Clause
import Spelling

extension FieldKind {
  /// Reads a value of the field called `field`, the name being for messages.
  func parse(_ text: String, for field: String) throws(FieldError) -> FieldValue {
    if let value = address(text) { return value }
    if case .trafficClass = self { return try trafficClass(text, field) }
    if let number = names?.value(of: text) ?? truth(text) { return .number(number) }
    guard takesNumbers, let number = Number(text) else { throw mismatch(text, field) }
    guard let value = number.value, value <= greatest else {
      let width = bits == 1 ? "1 bit" : "\(bits) bits"
      throw FieldError("\(field) is \(width): \(text) is out of range (0..\(greatest))")
    }
    return .number(value)
  }

  private func address(_ text: String) -> FieldValue? {
    switch self {
    case .mac: MACAddress(text).map(FieldValue.mac)
    case .ipv4: IPv4Address(text).map(FieldValue.ipv4)
    case .ipv6: IPv6Address(text).map(FieldValue.ipv6)
    case .ip: IPv4Address(text).map(FieldValue.ipv4) ?? IPv6Address(text).map(FieldValue.ipv6)
    default: nil
    }
  }

  private func trafficClass(_ text: String, _ field: String) throws(FieldError) -> FieldValue {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      text.utf8.count <= 64
    else { throw mismatch(text, field) }
    guard let found = TrafficClass(named: text) else {
      throw FieldError("more than \(TrafficClass.capacity - 1) classes have names")
    }
    return .number(UInt64(found.number))
  }

  private func truth(_ text: String) -> UInt64? {
    guard case .boolean = self else { return nil }
    return text == "true" ? 1 : text == "false" ? 0 : nil
  }

  private var takesNumbers: Bool {
    switch self {
    case .number, .hexadecimal, .named, .boolean: true
    case .trafficClass, .mac, .ipv4, .ipv6, .ip: false
    }
  }

  private func mismatch(_ text: String, _ field: String) -> FieldError {
    if text.isEmpty { return FieldError("\(field) needs \(noun)") }
    if let names, Number(text) == nil {
      let known = names.entries.prefix(12).map(\.name).joined(separator: ", ")
      let more = names.entries.count > 12 ? ", ..." : ""
      return FieldError(
        "\(field) has no value '\(excerpt(text))'; it is a number or one of \(known)\(more)",
        suggestion: Spelling.nearest(to: text, among: names.entries.map(\.name)))
    }
    return FieldError("\(field) takes \(noun), found \(describe(text))")
  }
}

/// What a word that does not fit looks like.
private func describe(_ text: String) -> String {
  if Number(text) != nil { return "the number \(excerpt(text))" }
  if MACAddress(text) != nil { return "the MAC address \(text)" }
  if IPv4Address(text) != nil { return "the IPv4 address \(text)" }
  if IPv6Address(text) != nil { return "the IPv6 address \(text)" }
  if FieldTable.field(named: text) != nil {
    return "the field \(text) (fields are compared with values only)"
  }
  return "'\(excerpt(text))'"
}

/// As much of a text as a message can hold.
func excerpt(_ text: String) -> String {
  text.utf8.count <= 48 ? text : text.prefix(40) + "..."
}

/// A number as it is written, decimal or hexadecimal; the value is nil when 64 bits are too few.
struct Number {
  let value: UInt64?

  init?(_ text: String) {
    let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
    let digits = isHexadecimal ? text.dropFirst(2) : text[...]
    let radix: UInt8 = isHexadecimal ? 16 : 10
    guard !digits.isEmpty,
      digits.utf8.allSatisfy({ hexadecimalDigit($0).map { $0 < radix } ?? false })
    else { return nil }
    value = UInt64(digits, radix: Int(radix))
  }
}
