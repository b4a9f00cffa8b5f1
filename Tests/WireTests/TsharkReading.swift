// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What tshark read of one packet: the protocols from the outside in, and first values of fields.
struct TsharkReading {
  static let fields = [
    "frame.protocols", "vlan.id", "ieee8021ad.id", "ip.id", "ip.checksum", "ip.checksum.status",
    "ipv6.flow", "ipv6.plen", "ipv6.hlim", "arp.opcode", "arp.hw.type", "arp.proto.type",
    "arp.hw.size", "arp.proto.size", "udp.srcport", "udp.length", "udp.checksum",
    "udp.checksum.status", "tcp.seq_raw", "tcp.hdr_len", "tcp.checksum.status", "icmp.type",
    "icmp.checksum", "icmp.checksum.status", "icmpv6.type", "icmpv6.checksum",
    "icmpv6.checksum.status", "eth.padding", "eth.trailer", "eth.fcs",
  ]

  let protocols: [Substring]
  private let values: [Substring]

  init(line: String) {
    values = line.split(separator: "\t", omittingEmptySubsequences: false)
    protocols = values[0].split(separator: ":")
  }

  /// A field's first value, or nil when the packet does not have it.
  subscript(field: String) -> Int? {
    guard let column = Self.fields.firstIndex(of: field), column < values.count else { return nil }
    let text = values[column]
    return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  /// How many bytes a field of bytes has, written as two digits each.
  func byteCount(of field: String) -> Int {
    guard let column = Self.fields.firstIndex(of: field), column < values.count else { return 0 }
    return values[column].filter(\.isHexDigit).count / 2
  }

  /// Bad, good, unverified, absent, and absent where the specification wants one (UDP over IPv6).
  static func checksumState(_ status: Int) -> ChecksumState {
    switch status {
    case 0: .wrong
    case 1: .correct
    case 3, 4: .absent
    default: .unknown
    }
  }

  /// All packets of a file; reassembly would move headers out of the packet they arrived in.
  static func read(_ path: String) -> [TsharkReading] {
    let options = [
      "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
      "ip.check_checksum:TRUE", "udp.check_checksum:TRUE", "tcp.check_checksum:TRUE",
    ]
    let command =
      "tshark -n -r \(path) -T fields -E occurrence=f "
      + options.map { "-o \($0) " }.joined() + fields.map { "-e \($0) " }.joined()
    return SharedCaptures.lines(of: command).map(TsharkReading.init)
  }
}
