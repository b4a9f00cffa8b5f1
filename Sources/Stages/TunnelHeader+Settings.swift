// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Wire

/// A tunnel's header from what `encapsulate` is told.
extension TunnelHeader {
  init(_ settings: SettingValues) throws(SettingsError) {
    let source = settings[Encapsulate.source]
    let destination = settings[Encapsulate.destination]
    guard source.bits == destination.bits else {
      throw settings.error(
        Encapsulate.destination, "'dst' is not of the same IP version as 'src'",
        fix: "give two IPv4 addresses, or two IPv6 addresses")
    }
    let isVXLAN = settings[Encapsulate.type] == .vxlan
    let port = settings[Encapsulate.port] ?? (isVXLAN ? 4789 : 6081)
    let network = UInt32(settings[Encapsulate.id]) << 8
    let options = try Self.options(settings)
    let isIPv4 = source.bits == 32
    let tunnel =
      isVXLAN
      ? [0x08, 0, 0, 0] + network.bytes
      : [UInt8(options.bytes.count / 4), options.areCritical ? 0x40 : 0, 0x65, 0x58]
        + network.bytes + options.bytes
    let link = Self.link(settings, isIPv4: isIPv4)
    let length =
      link.count + (isIPv4 ? IPv4.headerLength : IPv6.headerLength) + UDP.headerLength
      + tunnel.count
    guard length <= Self.longest else {
      throw settings.error(
        Encapsulate.options,
        "the headers take \(length) bytes, and packets have room for \(Self.longest)",
        fix: "leave out \((length - Self.longest + 3) / 4 * 4) bytes of options")
    }
    self.init(
      link: link, source: source, destination: destination,
      hops: UInt8(settings[Encapsulate.ttl]), port: UInt16(port), tunnel: tunnel)
  }

  private static func link(_ settings: SettingValues, isIPv4: Bool) -> [UInt8] {
    let addresses = [
      settings[Encapsulate.ethernetDestination], settings[Encapsulate.ethernetSource],
    ]
    .flatMap { $0.value.bytes.dropFirst(2) }
    let tag = settings[Encapsulate.vlan].map { VLANTag($0).bytes } ?? []
    return addresses + tag + (isIPv4 ? [0x08, 0x00] : [0x86, 0xdd])
  }

  /// Geneve's options, each of which says its length: 4 bytes, and up to 31 words of 4 (RFC 8926
  /// section 3.5). The highest bit of an option's type says that it is critical.
  private static func options(
    _ settings: SettingValues
  ) throws(SettingsError) -> (bytes: [UInt8], areCritical: Bool) {
    guard let text = settings[Encapsulate.options] else { return ([], false) }
    guard settings[Encapsulate.type] == .geneve else {
      throw settings.error(
        Encapsulate.options, "VXLAN has no options", fix: "write 'type: geneve', or leave them out")
    }
    guard let bytes = bytes(ofHexadecimal: text) else {
      throw settings.error(
        Encapsulate.options, "'options' is not made of bytes of two hexadecimal digits",
        fix: "write such as 0102800100000001")
    }
    // Their length is counted in words of 4 bytes, by 6 bits (section 3.4).
    guard bytes.count <= 252 else {
      throw settings.error(
        Encapsulate.options, "'options' has \(bytes.count) bytes, and Geneve counts to 252",
        fix: "leave some out")
    }
    var areCritical = false
    var offset = 0
    while offset < bytes.count {
      let header = offset + 4
      let end = header <= bytes.count ? header + Int(bytes[offset + 3] & 0x1f) * 4 : header
      guard end <= bytes.count else {
        throw settings.error(
          Encapsulate.options, "the option at byte \(offset) ends behind the last byte",
          fix: "the low 5 bits of its fourth byte count the words of 4 bytes that follow")
      }
      if bytes[offset + 2] & 0x80 != 0 { areCritical = true }
      offset = end
    }
    return (bytes, areCritical)
  }

  private static func bytes(ofHexadecimal text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
