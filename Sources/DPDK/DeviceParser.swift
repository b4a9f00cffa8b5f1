// SPDX-License-Identifier: BSD-3-Clause
import Spelling

extension Device {
  /// Reads a device string such as `pcap:in=a.pcap,out=b.pcap`, without asking the machine.
  public static func parse(_ text: String) throws(DeviceProblem) -> Device {
    let kind = try kind(of: text)
    let rest = text.utf8.dropFirst(kind.prefix.utf8.count + 1)
    let start = text.utf8.count - rest.count
    if kind == .dpdk {
      let target = String(decoding: rest, as: UTF8.self)
      try require(!target.isEmpty, "dpdk: needs device arguments", in: text, fix: kind)
      return Device(text: text, kind: kind, target: target, arguments: [])
    }
    var parts = split(rest, from: start)
    let target = try takeTarget(kind, &parts, text)
    var arguments: [Argument] = []
    for part in parts where !part.text.isEmpty { arguments.append(try argument(part, kind)) }
    let device = Device(text: text, kind: kind, target: target, arguments: arguments)
    try device.checkForm()
    return device
  }

  /// A piece of a device string between commas, and where it is.
  private struct Part {
    let text: String
    let offset: Int
    var place: (offset: Int, length: Int) { (offset, max(text.utf8.count, 1)) }
  }

  private static func kind(of text: String) throws(DeviceProblem) -> DeviceKind {
    let prefix = String(text.prefix { $0 != ":" })
    if let kind = DeviceKind.all.first(where: { $0.prefix == prefix }), prefix != text {
      return kind
    }
    let place = (offset: 0, length: max(prefix.utf8.count, 1))
    let prefixes = DeviceKind.all.map(\.prefix)
    if prefixes.contains(prefix) {
      throw DeviceProblem(
        message: "`\(prefix)` needs a colon after it", at: place, fix: proposal(prefix))
    }
    if let meant = Spelling.nearest(to: prefix, among: prefixes) {
      throw DeviceProblem(
        message: "unknown kind of device `\(prefix)`", at: place, fix: "did you mean \"\(meant):\"?"
      )
    }
    throw DeviceProblem(
      message: "unknown kind of device `\(prefix)`", at: place,
      fix: "one of " + prefixes.map { $0 + ":" }.joined(separator: ", "))
  }

  /// In quotes: in YAML a plain `null:` would be a key.
  private static func proposal(_ prefix: String) -> String? {
    guard let kind = DeviceKind.all.first(where: { $0.prefix == prefix }) else { return nil }
    return kind.target == nil ? "write \"\(prefix):\"" : "for example \(kind.example)"
  }

  private static func article(_ noun: String) -> String {
    noun.first.map("aeiou".contains) ?? false ? "an" : "a"
  }

  private static func split(_ bytes: Substring.UTF8View, from start: Int) -> [Part] {
    var parts: [Part] = []
    var offset = start
    for piece in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      parts.append(Part(text: String(decoding: piece, as: UTF8.self), offset: offset))
      offset += piece.count + 1
    }
    return parts
  }

  /// The first part, unless the kind has none or the part is an argument in its place.
  private static func takeTarget(
    _ kind: DeviceKind, _ parts: inout [Part], _ text: String
  ) throws(DeviceProblem) -> String {
    guard let name = kind.target else { return "" }
    let first = parts.first?.text ?? ""
    let pairs = ["pcap": ["in=", "out="], "ring": ["rx=", "tx="]]
    if pairs[kind.prefix]?.contains(where: first.hasPrefix) ?? false { return "" }
    try require(
      !first.isEmpty, "\(kind.prefix): needs \(article(name)) \(name)", in: text, fix: kind)
    parts.removeFirst()
    return kind == .pci ? PCIDevice.normalized(first) : first
  }

  private static func argument(_ part: Part, _ kind: DeviceKind) throws(DeviceProblem) -> Argument {
    if let equals = part.text.firstIndex(of: "=") {
      let key = String(part.text[..<equals])
      let value = String(part.text[part.text.index(after: equals)...])
      if !key.isEmpty && !value.isEmpty {
        try checkKey(key, part, kind)
        return Argument(key: key, value: value)
      }
      throw DeviceProblem(
        message: "`\(part.text)` lacks a \(key.isEmpty ? "key" : "value")", at: part.place,
        fix: "write key=value")
    }
    if kind.flags[part.text] != nil { return Argument(key: part.text, value: nil) }
    let meant = Spelling.nearest(to: part.text, among: Array(kind.flags.keys))
    throw DeviceProblem(
      message: "\(kind.prefix): has no `\(part.text)`", at: part.place,
      fix: meant.map { "did you mean `\($0)`?" } ?? "arguments are written key=value")
  }

  /// The drivers know these words and no others, and say so only when they are started.
  private static func checkKey(
    _ key: String, _ part: Part, _ kind: DeviceKind
  ) throws(DeviceProblem) {
    guard let keys = kind.keys, !keys.contains(key) else { return }
    let meant = Spelling.nearest(to: key, among: keys)
    throw DeviceProblem(
      message: "\(kind.prefix): has no `\(key)`", at: (part.offset, key.utf8.count),
      fix: meant.map { "did you mean `\($0)`?" } ?? "it has " + keys.joined(separator: ", "))
  }

  private static func require(
    _ condition: Bool, _ message: String, in text: String, fix kind: DeviceKind
  ) throws(DeviceProblem) {
    if condition { return }
    throw DeviceProblem(
      message: message, at: (0, max(text.utf8.count, 1)), fix: "for example \(kind.example)")
  }
}
