// SPDX-License-Identifier: BSD-3-Clause

/// A capture file that a fuzzer found, or that somebody made up who thought like one.
struct CaptureFinding: Sendable, CustomStringConvertible {
  /// What is wrong with the file, or unusual.
  let description: String
  let file: [UInt8]
  /// How many packets come out of it.
  let packets: Int
  /// Where the damage begins that ends it, if any does.
  let damage: UInt64?

  init(_ description: String, _ file: [UInt8], packets: Int, damage: Int? = nil) {
    self.description = description
    self.file = file
    self.packets = packets
    self.damage = damage.map(UInt64.init)
  }

  static let all = pcap + pcapng + erf

  private static let pcap = [
    CaptureFinding(
      "A packet of no bytes, which is the last thing in the file.",
      PcapFile().header + PcapFile().record([]), packets: 1),
    CaptureFinding(
      "A file that says to keep no byte of a packet, and keeps four.",
      PcapFile(snapLength: 0).header + PcapFile().record([1, 2, 3, 4]), packets: 1),
    CaptureFinding(
      "A packet that is longer than the file says packets are, and longer than on the wire.",
      PcapFile(snapLength: 2).header + PcapFile().record([1, 2, 3, 4], length: 1), packets: 1),
    CaptureFinding(
      "A record header that is all ones.",
      PcapFile().header + PcapFile().record([7]) + Array(repeating: 0xff, count: 16),
      packets: 1, damage: 41),
    CaptureFinding(
      "The first byte of a record, behind a packet.",
      PcapFile().header + PcapFile().record([7]) + [0], packets: 1, damage: 41),
  ]

  private static let ng = PcapngFile()

  private static let pcapng = [
    CaptureFinding(
      "A packet of an interface that the section does not have.",
      ng.section + ng.interface() + ng.packet([1]) + ng.section + ng.packet([2]),
      packets: 1, damage: 112),
    CaptureFinding(
      "A packet block that says to hold more than the block has.",
      ng.section + ng.interface() + ng.block(6, [0, 0, 0, 0] + Array(repeating: 0x11, count: 20)),
      packets: 0, damage: 48),
    CaptureFinding(
      "Times in units of 10^-127 seconds.",
      ng.section + ng.interface(resolution: 127) + ng.packet([1], ticks: .max),
      packets: 1),
    CaptureFinding(
      "Times in units of 2^-63 seconds, as late as can be.",
      ng.section + ng.interface(resolution: 0xbf) + ng.packet([1], ticks: .max), packets: 1),
    CaptureFinding(
      "A simple packet, which has no captured length of its own, longer than its block.",
      ng.section + ng.interface() + ng.block(3, [0xff, 0xff, 0, 0, 1, 2, 3, 4]),
      packets: 0, damage: 48),
    CaptureFinding(
      "A block of the least length, then one of less.",
      ng.section + ng.interface() + ng.block(0xbad, []) + [6, 0, 0, 0, 8, 0, 0, 0],
      packets: 0, damage: 60),
  ]

  private static let erf = [
    CaptureFinding(
      "An ERF record whose every extension header announces another one, past its end.",
      PcapFile(linkType: 197).header
        + PcapFile().record(record(type: 0x82, length: 32) + Array(repeating: 0xff, count: 16)),
      packets: 0),
    CaptureFinding(
      "An ERF record of no length, and one that ends where its padding would begin.",
      PcapFile(linkType: 197).header + PcapFile().record(record(type: 2, length: 0))
        + PcapFile().record(record(type: 2, length: 16)), packets: 0),
    CaptureFinding(
      "An ERF record of raw IP in which nothing is left for a packet.",
      PcapFile(linkType: 197).header + PcapFile().record(record(type: 22, length: 16)), packets: 1),
  ]

  /// Time stamp, type, flags, length of the record, loss, length on the wire.
  private static func record(type: UInt8, length: UInt8) -> [UInt8] {
    Array(repeating: 0xff, count: 8) + [type, 0, 0, length, 0, 0, 0xff, 0xff]
  }
}
