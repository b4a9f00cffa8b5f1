// SPDX-License-Identifier: BSD-3-Clause

extension FieldTable {
  /// The fields that either version of IP has, each in the place where the packet's version has it.
  static let eitherVersion: [Field] = [
    either("version", "version", .number(bits: 4), "IP version, 4 or 6"),
    either("dscp", "dscp", .number(bits: 6), "Differentiated services code point"),
    either("ecn", "ecn", .named(.ecn, bits: 2), "Explicit congestion notification"),
    either("ttl", "hop_limit", .number(bits: 8), "Hops that are left: time to live, hop limit"),
    Field(
      name: "ip.protocol", kind: .named(.ipProtocol, bits: 8),
      summary: "Protocol that follows the IP headers, extension headers passed",
      places: known(.ipProtocol, .ip, bits: 8), access: .shapesPacket),
    // An IPv6 header counts what follows it, which is 40 bytes less.
    either(
      "length", "length", .number(bits: 17), "Bytes of header and payload", ipv6Bias: 40),
    either("src", "src", .ip, "Source address"),
    either("dst", "dst", .ip, "Destination address"),
  ]

  /// What is known of the packet without being part of it.
  static let metadata: [Field] = [
    Field(
      name: "packet.length", kind: .number(bits: 32), summary: "Bytes on the wire",
      places: known(.wireLength, [], bits: 32), access: .notInPacket),
    Field(
      name: "packet.captured", kind: .number(bits: 32),
      summary: "Bytes that there are, fewer than on the wire when a capture was cut",
      places: known(.capturedLength, [], bits: 32), access: .notInPacket),
    Field(
      name: "packet.malformation", kind: .named(.malformation, bits: 8),
      summary: "The first thing that is wrong with the packet, or none",
      places: known(.malformation, [], bits: 8), access: .notInPacket),
  ]

  static func known(_ origin: FieldOrigin, _ layers: Layers, bits: Int) -> FieldPlaces {
    let place = FieldPlace(
      layers: layers, origin: origin, slot: .link, headerLength: 8, bit: 0, width: bits, bias: 0,
      checksums: .none)
    return FieldPlaces(first: place, second: nil)
  }

  private static func either(
    _ ipv4: String, _ ipv6: String, _ kind: FieldKind, _ summary: String, ipv6Bias: UInt64 = 0
  ) -> Field {
    let first = row(ipv4, of: .ipv4)
    let second = row(ipv6, of: .ipv6)
    return Field(
      name: "ip.\(ipv4)", kind: kind, summary: summary,
      places: FieldPlaces(
        first: first.places.first, second: second.places.first.adding(ipv6Bias)),
      access: first.access)
  }

  static func row(_ name: String, of layout: FieldLayout) -> Field {
    guard let field = layout.fields.first(where: { $0.name == "\(layout.name).\(name)" }) else {
      preconditionFailure("\(layout.name) has no row \(name)")
    }
    return field
  }
}

extension FieldPlace {
  fileprivate func adding(_ bias: UInt64) -> FieldPlace {
    FieldPlace(
      layers: layers, origin: origin, slot: slot, headerLength: headerLength, bit: bit,
      width: width, bias: bias, checksums: checksums)
  }
}
