// SPDX-License-Identifier: BSD-3-Clause
import Capture
import RunningSluice
import Wire

/// What is different between two packets, in the words of the one field table.
enum PacketDifference {
  /// Fields first, because they say what happened; what no field covers, then.
  static func between(_ actual: FilePacket, expected: FilePacket) -> [String] {
    var found = fields(actual, expected: expected)
    if found.isEmpty { found = bytes(actual.bytes, expected: expected.bytes) }
    if actual.nanoseconds != expected.nanoseconds {
      found.append("its time is \(actual.nanoseconds) ns, expected \(expected.nanoseconds) ns")
    }
    if actual.originalLength != expected.originalLength {
      found.append(
        "its original length is \(actual.originalLength), expected \(expected.originalLength)")
    }
    if actual.link != expected.link {
      found.append("its link type is \(actual.link), expected \(expected.link)")
    }
    if actual.comment != expected.comment {
      let (new, old) = (actual.comment ?? "absent", expected.comment ?? "absent")
      found.append("its comment is '\(new)', expected '\(old)'")
    }
    return found
  }

  /// `42 bytes, 10.0.0.1 to 10.0.0.2, dropped by ...`: enough to find the packet.
  static func summary(of packet: FilePacket) -> String {
    let texts = texts(of: packet)
    let ends = ["ip.src", "ip.dst", "eth.src", "eth.dst"].compactMap { texts[$0] }
    return "\(packet.originalLength) bytes, \(ends.prefix(2).joined(separator: " to ")), "
      + (packet.comment ?? "no comment")
  }

  private static func fields(_ actual: FilePacket, expected: FilePacket) -> [String] {
    let (new, old) = (texts(of: actual), texts(of: expected))
    let names = FieldTable.all.map(\.name).filter { new[$0] != old[$0] }
    // A field of either IP version also has that version's name: one of them is enough.
    let general = names.filter { $0.hasPrefix("ip.") }
    let told = names.filter { name in
      name.hasPrefix("ip.") || !name.hasPrefix("ipv")
        || !general.contains { new[$0] == new[name] && old[$0] == old[name] }
    }
    return told.map { "\($0) is \(new[$0] ?? "absent"), expected \(old[$0] ?? "absent")" }
  }

  /// Every field that the packet has, as people write it.
  private static func texts(of packet: FilePacket) -> [String: String] {
    let link = LinkType.allCases.first { Int($0.fileNumber) == packet.link } ?? .ethernet
    var headers = Headers()
    let parser = Parser()
    // The parser may be handed no bytes, but not no place.
    let bytes = packet.bytes + [0, 0, 0, 0, 0, 0, 0, 0]
    return bytes.withUnsafeBytes { bytes in
      withUnsafeMutablePointer(to: &headers) { headers in
        guard let start = bytes.baseAddress else { return [:] }
        parse(
          start, captured: packet.bytes.count, wireLength: packet.originalLength, link: link,
          by: parser.rules, into: headers)
        let source = SinglePacket(
          headers: headers, bytes: start, wireLength: UInt32(clamping: packet.originalLength),
          capturedLength: UInt32(clamping: packet.bytes.count))
        return texts(in: source)
      }
    }
  }

  private static func texts(in source: SinglePacket) -> [String: String] {
    var texts: [String: String] = [:]
    for field in FieldTable.all {
      if let value = field.value(in: source) { texts[field.name] = field.text(of: value) }
    }
    return texts
  }

  private static func bytes(_ actual: [UInt8], expected: [UInt8]) -> [String] {
    if let place = zip(actual, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      let (new, old) = (hexadecimal(actual[place]), hexadecimal(expected[place]))
      return ["byte \(place) is \(new), expected \(old)"]
    }
    guard actual.count != expected.count else { return [] }
    return ["it has \(actual.count) bytes, expected \(expected.count)"]
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
