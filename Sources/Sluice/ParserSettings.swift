// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Wire

/// What commands that read packets can be told about them.
enum ParserSettings {
  static var all: [any SettingDeclaration] {
    [reliableDatagram, tunnels, rocePorts, vxlanPorts, uetPorts, iwarp, iwarpPorts]
  }

  static let reliableDatagram: Setting<ParserOptions.ReliableDatagram> = .choice(
    "reliable-datagram", default: .rd,
    "What opcodes 0x40 to 0x5f are: reliable datagram, or NVIDIA's DC")
  static let tunnels: Setting<Int> = .integer(
    "tunnels", in: 0...16, default: ParserOptions().tunnelDepth,
    "How many tunnels, one in the other, are entered")
  static let iwarp: Setting<ParserOptions.IWARP> = .choice(
    "iwarp", default: .ports, "Which TCP is iWARP: none, by port, or what looks like it")
  static let rocePorts = ports("roce-ports", "UDP ports of RoCEv2", ParserOptions().rocePorts)
  static let vxlanPorts = ports("vxlan-ports", "UDP ports of VXLAN", ParserOptions().vxlanPorts)
  static let uetPorts = ports(
    "uet-ports", "UDP ports of Ultra Ethernet", ParserOptions().uetPorts)
  static let iwarpPorts = ports("iwarp-ports", "TCP ports of iWARP", ParserOptions().iwarpPorts)

  /// The help says what holds when none are given.
  private static func ports(
    _ name: String, _ help: String, _ usual: [UInt16]
  ) -> Setting<[Int]?> {
    let texts = usual.map(String.init).joined(separator: ", ")
    return .list(
      name, of: .integer(in: 1...65535), help + (usual.isEmpty ? "" : " (\(texts) by default)"))
  }

  static func options(_ invocation: Invocation) throws(CommandError) -> ParserOptions {
    var options = ParserOptions()
    options.reliableDatagram = invocation[reliableDatagram]
    options.tunnelDepth = invocation[tunnels]
    options.iwarp = invocation[iwarp]
    try read(rocePorts, into: &options.rocePorts, invocation)
    try read(vxlanPorts, into: &options.vxlanPorts, invocation)
    try read(uetPorts, into: &options.uetPorts, invocation)
    try read(iwarpPorts, into: &options.iwarpPorts, invocation)
    return options
  }

  private static func read(
    _ setting: Setting<[Int]?>, into ports: inout [UInt16], _ invocation: Invocation
  ) throws(CommandError) {
    guard let given = invocation[setting] else { return }
    let most = ParserRules.mostPorts
    if given.count > most { throw invocation.mistake("--\(setting.name): \(most) ports at most") }
    ports = given.map { UInt16(clamping: $0) }
  }
}
