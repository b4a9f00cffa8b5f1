// SPDX-License-Identifier: BSD-3-Clause

private typealias Sample = TunnelSamples

extension WrongPacket {
  static let tunnels: [WrongPacket] = [
    .init(name: "vxlan.header-cut", bytes: over(4789, Sample.vxlan([]), 7)),
    .init(name: "vxlan.header-cut", bytes: over(4790, Sample.vxlan([]), 0)),
    .init(name: "ethernet.header-cut", bytes: over(4789, Sample.vxlan(Sample.frame), 21)),
    .init(name: "geneve.header-cut", bytes: over(6081, Sample.geneve(0x0800, []), 7)),
    .init(
      name: "geneve.options-cut",
      bytes: over(6081, Sample.geneve(0x0800, [], options: [1, 3, 0, 1, 0, 0, 0, 1]), 15)),
    .init(name: "gre.header-cut", bytes: Sample.overGRE([0, 0, 8])),
    .init(name: "gre.header-cut", bytes: Sample.overGRE(Sample.gre(0xb0, 0x0800, zeros(11)))),
    .init(name: "erspan.header-cut", bytes: Sample.overGRE(cut(Sample.mirrorII([]), 15))),
    .init(name: "erspan.header-cut", bytes: Sample.overGRE(cut(Sample.mirrorII([]), 8))),
    .init(name: "erspan.header-cut", bytes: Sample.overGRE(cut(Sample.mirrorIII([]), 19))),
    .init(
      name: "erspan.header-cut",
      bytes: Sample.overGRE(Sample.mirrorIII(zeros(7), last: [0, 0x0b]))),
    .init(name: "gtpu.header-cut", bytes: over(2152, Sample.gtpu(Sample.roce), 7)),
    .init(name: "gtpu.header-cut", bytes: over(2152, [0x32, 255, 0, 3, 0, 0, 0, 1, 0, 0, 0], 11)),
    .init(name: "gtpu.length", bytes: over(2152, [0x30, 255, 0, 1, 0, 0, 0, 1], 8)),
    .init(
      name: "gtpu.extension-cut",
      bytes: over(2152, [0x34, 255, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0], 15)),
    .init(
      name: "gtpu.extension-cut",
      bytes: over(2152, [0x34, 255, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x85], 12)),
    .init(
      name: "gtpu.extension-length",
      bytes: Sample.over(2152, Sample.gtpu(Sample.roce, length: 0))),
    .init(
      name: "gtpu.chain-too-deep",
      bytes: Sample.over(2152, Sample.gtpu(Sample.roce, extensions: 9))),
  ]

  private static func cut(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    Sample.prefix(bytes, count)
  }

  /// A datagram with the first `count` bytes.
  private static func over(_ port: UInt16, _ bytes: [UInt8], _ count: Int) -> [UInt8] {
    Sample.over(port, cut(bytes, count))
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
