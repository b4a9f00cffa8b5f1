// SPDX-License-Identifier: BSD-3-Clause
public import Settings
public import Wire

/// What packets do not say, and users have to: each setting is one of the parser's options.
extension Parse {
  static let reliableDatagram: Setting<ParserOptions.ReliableDatagram> = .choice(
    "reliable-datagram", default: .rd,
    "What opcodes 0x40 to 0x5f are: reliable datagram, or NVIDIA's DC")
  static let tunnels: Setting<Int> = .integer(
    "tunnels", in: 0...4, default: 2, "How many tunnels, one in the other, are entered")
  static let rocePorts = ports(
    "roce-ports", default: "[4791]", "UDP destination ports of RoCEv2, 1 to 4; the first is fastest"
  )
  static let vxlanPorts = ports(
    "vxlan-ports", default: "[4789, 8472]", "UDP destination ports of VXLAN, 4 at most")
  static let uetPorts = ports(
    "uet-ports", default: "[4793, 49150]", "UDP destination ports of Ultra Ethernet, 4 at most")
  static let iwarp: Setting<ParserOptions.IWARP> = .choice(
    "iwarp", default: .ports,
    "Which TCP is iWARP: none, by iwarp-ports, or what looks like it")
  static let iwarpPorts = ports(
    "iwarp-ports", default: "[]", "TCP ports of iWARP, at either end, 16 at most")

  /// All of them; what reads packets outside of a pipeline has the same.
  public static let options: [any SettingDeclaration] = [
    reliableDatagram, tunnels, rocePorts, vxlanPorts, uetPorts, iwarp, iwarpPorts,
  ]

  private static func ports(
    _ name: String, default list: String, _ help: String
  ) -> Setting<[Int]> {
    .list(name, of: .integer(in: 1...65535), default: list, help)
  }

  /// What values of `options` say.
  public static func parserOptions(_ settings: SettingValues) throws(SettingsError) -> ParserOptions
  {
    try checkPortsDiffer(settings)
    var options = ParserOptions()
    options.reliableDatagram = settings[reliableDatagram]
    options.tunnelDepth = settings[tunnels]
    options.rocePorts = try numbers(rocePorts, settings, atLeast: 1)
    options.vxlanPorts = try numbers(vxlanPorts, settings)
    options.uetPorts = try numbers(uetPorts, settings)
    options.iwarp = settings[iwarp]
    options.iwarpPorts = try numbers(iwarpPorts, settings, atMost: ParserRules.mostIWARPPorts)
    return options
  }

  /// The ports of a list that is neither too long for the parser nor too short.
  private static func numbers(
    _ setting: Setting<[Int]>, _ settings: SettingValues, atLeast least: Int = 0,
    atMost most: Int = ParserRules.mostPorts
  ) throws(SettingsError) -> [UInt16] {
    let ports = settings[setting]
    guard ports.count <= most else {
      throw settings.error(
        setting, "'\(setting.name)' has \(ports.count) ports",
        fix: "name \(most) at most")
    }
    guard ports.count >= least else {
      throw settings.error(
        setting, "'\(setting.name)' has no port",
        fix: "leave the setting out for \(ParserOptions().rocePorts[0])")
    }
    return ports.map { UInt16(truncatingIfNeeded: $0) }
  }

  /// A datagram is one thing only: no port may be in two lists, or be that of another protocol.
  private static func checkPortsDiffer(_ settings: SettingValues) throws(SettingsError) {
    var owners = Dictionary(
      ParserRules.assignedPorts.map { (Int($0.port), $0.protocolName) },
      uniquingKeysWith: { first, _ in first })
    for setting in [rocePorts, vxlanPorts, uetPorts] {
      for port in settings[setting] {
        guard let owner = owners.updateValue("in '\(setting.name)'", forKey: port) else { continue }
        throw settings.error(
          setting, "port \(port) of '\(setting.name)' is already \(owner)",
          fix: "name each port once")
      }
    }
  }
}
