// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// A packet's bytes from words: layers from the outside in, with `/` between them.
///
/// `eth / vlan 5 pcp 3 / ipv4 10.0.0.1 > 10.0.0.2 ttl 9 / udp 1000 > 4000 / 64B`. Lengths, types
/// and checksums come out right; `64B` are bytes of payload. Ends that are not named are defaults.
public func packet(_ words: String) -> [UInt8] {
  var packet = PacketWords()
  for layer in words.split(separator: "/").reversed() {
    packet.wrap(layer.split(separator: " ").map(String.init))
  }
  return packet.bytes
}

private struct PacketWords {
  var bytes: [UInt8] = []
  /// The word of the layer that `bytes` begin with.
  private var inner = ""
  /// Where in `bytes` the checksum lies that an address layer has yet to fill in.
  private var openChecksum: Int?

  mutating func wrap(_ words: [String]) {
    let name = words.first ?? ""
    let layer = LayerWords(Array(words.dropFirst()))
    switch name {
    case "eth": bytes = addresses(layer) + etherType + bytes
    case "vlan", "qinq": bytes = tag(layer) + bytes
    case "cooked": bytes = [0, 0, 0, 1, 0, 6] + Array(repeating: 2, count: 8) + etherType + bytes
    case "cooked2":
      bytes =
        etherType + [0, 0, 0, 0, 0, 1, 0, 1, 0, 6]
        + Array(repeating: 2, count: 8) + bytes
    case "loopback": bytes = [inner == "ipv6" ? 10 : 2, 0, 0, 0] + bytes
    case "arp": bytes = arp(layer)
    case "ipv4": wrapIPv4(layer)
    case "ipv6": wrapIPv6(layer)
    case "udp", "tcp", "icmp": wrapTransport(name, layer)
    default: bytes = payload(name)
    }
    inner = name
  }

  private func payload(_ word: String) -> [UInt8] {
    guard word.hasSuffix("B"), let count = Int(word.dropLast()) else {
      preconditionFailure("no layer '\(word)'")
    }
    return (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
  }

  private var etherType: [UInt8] {
    switch inner {
    case "ipv4": [0x08, 0x00]
    case "ipv6": [0x86, 0xdd]
    case "arp": [0x08, 0x06]
    case "vlan": [0x81, 0x00]
    case "qinq": [0x88, 0xa8]
    default: [0x88, 0xb5]
    }
  }

  private func addresses(_ layer: LayerWords) -> [UInt8] {
    let source = layer.source ?? "02:00:00:00:00:01"
    let destination = layer.destination ?? "02:00:00:00:00:02"
    return mac(destination) + mac(source)
  }

  private func mac(_ text: String) -> [UInt8] {
    text.split(separator: ":").map { UInt8($0, radix: 16) ?? 0 }
  }

  private func tag(_ layer: LayerWords) -> [UInt8] {
    let id = UInt16(layer.destination ?? "1") ?? 1
    return big(layer.number("pcp", 0) << 13 | layer.number("dei", 0) << 12 | id) + etherType
  }

  private func arp(_ layer: LayerWords) -> [UInt8] {
    [0, 1, 8, 0, 6, 4, 0, 1] + mac("02:00:00:00:00:01")
      + address(layer.source ?? "10.0.0.1", AF_INET) + Array(repeating: 0, count: 6)
      + address(layer.destination ?? "10.0.0.2", AF_INET)
  }

  private mutating func wrapTransport(_ name: String, _ layer: LayerWords) {
    let ports = [layer.source ?? "1000", layer.destination ?? "4000"].flatMap {
      big(UInt16($0) ?? 0)
    }
    switch name {
    case "udp":
      bytes = ports + big(UInt16(8 + bytes.count)) + [0, 0] + bytes
      openChecksum = layer.has("nochecksum") ? nil : 6
    case "tcp":
      let flags: UInt8 = layer.has("syn") ? 0x02 : 0x10
      bytes = ports + [0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 0x10, 0, 0, 0, 0, 0] + bytes
      openChecksum = 16
    default:
      bytes = [8, 0, 0, 0, 0, 1, 0, 1] + bytes
      put(internetChecksum(bytes), at: 2)
      openChecksum = nil
    }
  }

  private mutating func wrapIPv4(_ layer: LayerWords) {
    let source = address(layer.source ?? "10.0.0.1", AF_INET)
    let destination = address(layer.destination ?? "10.0.0.2", AF_INET)
    let number = protocolNumber
    close(source + destination + [0, number] + big(UInt16(bytes.count)), number)
    var header: [UInt8] = [0x45, UInt8(layer.number("tos", 0))] + big(UInt16(20 + bytes.count))
    header += big(layer.number("id", 7)) + big(layer.number("fragment", 0))
    header += [UInt8(layer.number("ttl", 64)), number, 0, 0] + source + destination
    header.replaceSubrange(10..<12, with: big(internetChecksum(header)))
    bytes = header + bytes
  }

  private mutating func wrapIPv6(_ layer: LayerWords) {
    let source = address(layer.source ?? "2001:db8::1", AF_INET6)
    let destination = address(layer.destination ?? "2001:db8::2", AF_INET6)
    let number = protocolNumber
    close(source + destination + [0, 0] + big(UInt16(bytes.count)) + [0, 0, 0, number], number)
    let tos = layer.number("tos", 0)
    bytes =
      [0x60 | UInt8(tos >> 4), UInt8(tos & 15) << 4, 0, 0] + big(UInt16(bytes.count))
      + [number, UInt8(layer.number("ttl", 64))] + source + destination + bytes
  }

  private var protocolNumber: UInt8 { ["udp": 17, "tcp": 6, "icmp": 1][inner] ?? 253 }

  /// Fills in the transport checksum, now that the pseudo header is known.
  private mutating func close(_ pseudoHeader: [UInt8], _ number: UInt8) {
    guard let place = openChecksum else { return }
    let sum = internetChecksum(pseudoHeader + bytes)
    put(number == 17 && sum == 0 ? 0xffff : sum, at: place)
    openChecksum = nil
  }

  private mutating func put(_ value: UInt16, at place: Int) {
    bytes.replaceSubrange(place..<place + 2, with: big(value))
  }

  private func address(_ text: String, _ family: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
    precondition(inet_pton(family, text, &bytes) == 1, "no address: \(text)")
    return bytes
  }
}

/// `A > B`, `B` or nothing, then names with numbers.
private struct LayerWords {
  var source: String?
  var destination: String?
  private var options: [String] = []

  init(_ words: [String]) {
    var rest = words
    if rest.count >= 3, rest[1] == ">" {
      (source, destination) = (rest[0], rest[2])
      rest.removeFirst(3)
    } else if let first = rest.first, first.first?.isNumber ?? false {
      destination = rest.removeFirst()
    }
    options = rest
  }

  func has(_ name: String) -> Bool { options.contains(name) }

  func number(_ name: String, _ absent: UInt16) -> UInt16 {
    guard let place = options.firstIndex(of: name), place + 1 < options.count else {
      return absent
    }
    return UInt16(options[place + 1]) ?? absent
  }
}
