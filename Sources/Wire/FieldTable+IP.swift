// SPDX-License-Identifier: BSD-3-Clause

extension FieldTable {
  /// The fields that either version of IP has, each in the place where the packet's version has it.
  static func eitherVersion(
    _ name: String, _ ipv4: FieldLayout, _ ipv6: FieldLayout, protocol: FieldPlaces
  ) -> [Field] {
    let either = EitherVersion(name: name, ipv4: ipv4, ipv6: ipv6)
    return [
      either.field("version", "version", .number(bits: 4), "IP version, 4 or 6"),
      either.field("dscp", "dscp", .number(bits: 6), "Differentiated services code point"),
      either.field("ecn", "ecn", .named(.ecn, bits: 2), "Explicit congestion notification"),
      either.field(
        "ttl", "hop_limit", .number(bits: 8), "Hops that are left: time to live, hop limit"),
      Field(
        name: "\(name).protocol", kind: .named(.ipProtocol, bits: 8),
        summary: "Protocol that follows the IP headers, extension headers passed",
        places: `protocol`, access: .shapesPacket),
      // An IPv6 header counts what follows it, which is 40 bytes less.
      either.field(
        "length", "length", .number(bits: 17), "Bytes of header and payload", ipv6Bias: 40),
      either.field("src", "src", .ip, "Source address"),
      either.field("dst", "dst", .ip, "Destination address"),
    ]
  }

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

  /// What stages mark packets with.
  static let marks: [Field] = [
    Field(
      name: "class", kind: .trafficClass, summary: "What a rule has called the packet, or none",
      places: known(.trafficClass, [], bits: 16), access: .notInPacket),
    Field(
      name: "priority", kind: .number(bits: 3),
      summary: "Priority among eight that a stage has given the packet, else 0",
      places: known(.priority, [], bits: 3), access: .notInPacket),
    Field(
      name: "color", kind: .named(.color, bits: 2), summary: "What a meter has found, or none",
      places: known(.color, [], bits: 2), access: .notInPacket),
  ]

  static func known(_ origin: FieldOrigin, _ layers: Layers, bits: Int) -> FieldPlaces {
    let place = FieldPlace(
      layers: layers, origin: origin, slot: .link, headerLength: 8, bit: 0, width: bits, bias: 0,
      checksums: .none)
    return FieldPlaces(first: place, second: nil)
  }

  static func row(_ name: String, of layout: FieldLayout) -> Field {
    guard let field = layout.fields.first(where: { $0.name == "\(layout.name).\(name)" }) else {
      preconditionFailure("\(layout.name) has no row \(name)")
    }
    return field
  }
}

/// What both versions' headers are called together.
private struct EitherVersion {
  let name: String
  let ipv4: FieldLayout
  let ipv6: FieldLayout

  func field(
    _ first: String, _ second: String, _ kind: FieldKind, _ summary: String, ipv6Bias: UInt64 = 0
  ) -> Field {
    let old = FieldTable.row(first, of: ipv4)
    let new = FieldTable.row(second, of: ipv6)
    return Field(
      name: "\(name).\(first)", kind: kind, summary: summary,
      places: FieldPlaces(first: old.places.first, second: new.places.first.adding(ipv6Bias)),
      access: old.access)
  }
}

extension FieldPlace {
  fileprivate func adding(_ bias: UInt64) -> FieldPlace {
    FieldPlace(
      layers: layers, origin: origin, slot: slot, headerLength: headerLength, bit: bit,
      width: width, bias: bias, checksums: checksums)
  }
}
