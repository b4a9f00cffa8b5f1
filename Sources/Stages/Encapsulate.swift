// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings
import Wire

/// Puts packets into a VXLAN or Geneve tunnel.
public struct Encapsulate: Stage, ~Copyable {
  public static var name: String { "encapsulate" }
  public static var summary: String {
    "Puts packets into a VXLAN or Geneve tunnel; flows differ in their UDP source port."
  }
  public static var settings: [any SettingDeclaration] {
    [
      type, id, source, destination, ethernetSource, ethernetDestination, vlan, ttl, dscp, ecn,
      port, checksum, options,
    ]
  }
  public static var example: String {
    """
    - encapsulate:
        type: vxlan
        id: 5001
        src: 192.0.2.1
        dst: 192.0.2.2
        eth-src: "02:00:00:00:00:01"
        eth-dst: "02:00:00:00:00:02"
    """
  }

  enum TunnelType: String, CaseIterable, Sendable { case vxlan, geneve }
  enum ECNMode: String, CaseIterable, Sendable { case normal, compatibility }

  static let type: Setting<TunnelType> = .choice("type", "The tunnel's format")
  static let id: Setting<Int> = .integer(
    "id", in: 0...0xff_ffff, "The number of the virtual network")
  static let source: Setting<IPPrefix.Address> = .address("src", "The near end of the tunnel")
  static let destination: Setting<IPPrefix.Address> = .address(
    "dst", "The far end, of the same IP version")
  static let ethernetSource: Setting<MACAddress> = .mac("eth-src", "The outer Ethernet source")
  static let ethernetDestination: Setting<MACAddress> = .mac(
    "eth-dst", "The outer Ethernet destination: the next hop to the far end")
  static let vlan: Setting<SettingValues?> = .record(
    "vlan", VLANTag.settings, "A VLAN tag for the outer Ethernet header")
  static let ttl: Setting<Int> = .integer(
    "ttl", in: 1...255, default: 64, "The outer TTL or hop limit")
  static let dscp: Setting<Int?> = .integer(
    "dscp", in: 0...63, "The outer DSCP; left out, that of the packet, or 0 without IP")
  static let ecn: Setting<ECNMode> = .choice(
    "ecn", default: .normal,
    "The outer ECN field (RFC 6040): the packet's, or Not-ECT for a far end that ignores it")
  static let port: Setting<Int?> = .integer(
    "port", in: 1...65535, "The UDP destination port; left out, 4789 of VXLAN, 6081 of Geneve")
  static let checksum: Setting<Bool> = .boolean(
    "checksum", default: false, "Compute the outer UDP checksum, which is 0 otherwise")
  static let options: Setting<String?> = .text(
    "options", "Geneve's options, in hexadecimal digits")

  private enum Outcome: Int, StageOutcome {
    case encapsulated, withoutEthernet, malformed, tooLong, withoutRoom

    var text: String {
      switch self {
      case .encapsulated: "encapsulated"
      case .withoutEthernet: "left alone: no Ethernet header"
      case .malformed: "left alone: malformed"
      case .tooLong: "left alone: too long"
      case .withoutRoom: "left alone: no room in front"
      }
    }
  }

  private let header: TunnelHeader
  /// Negative where it is the packet's own.
  private let dscp: Int
  private let copiesECN: Bool
  private let hasChecksum: Bool
  private let counts = OutcomeCounts<Outcome>()
  private var cutSums: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    header = try TunnelHeader(settings)
    dscp = settings[Self.dscp] ?? -1
    copiesECN = settings[Self.ecn] == .normal
    hasChecksum = settings[Self.checksum]
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      // Nobody has touched yet what lies in front of packets.
      let ahead = index &+ 4
      if ahead < Burst.capacity && selection.contains(ahead) {
        cdpdk_prefetch(burst.bytes(ahead) - header.length)
        cdpdk_prefetch(burst.bytes(ahead) - 1)
      }
      counts.add(encapsulate(index, of: &burst))
    }
  }

  private mutating func encapsulate(_ index: Int, of burst: inout Burst) -> Outcome {
    let headers = burst.headers(index)
    guard headers.pointee.layers.contains(.ethernet), burst.link == .ethernet else {
      return .withoutEthernet
    }
    guard headers.pointee.malformation == .none else { return .malformed }
    let length = burst.wireLength(index)
    guard header.fits(length) else { return .tooLong }
    let packet = burst.mutableBytes(index)
    let entropy = FlowEntropy(of: packet, headers)
    let trafficClass = outerTrafficClass(IPHeader(of: packet, headers)?.trafficClass ?? 0)
    guard let start = burst.prepend(header.length, to: index) else { return .withoutRoom }
    header.write(to: start, inner: length, trafficClass: trafficClass, entropy)
    if hasChecksum { writeChecksum(index, of: burst) }
    Parse.parseAgain(index, of: &burst)
    return .encapsulated
  }

  private func outerTrafficClass(_ inner: UInt8) -> UInt8 {
    let upper = dscp < 0 ? inner & 0xfc : UInt8(truncatingIfNeeded: dscp) << 2
    return copiesECN ? upper | inner & 3 : upper
  }

  /// It covers all bytes of the packet; where a capture cut some off, the checksum stays 0.
  @inline(never)
  private mutating func writeChecksum(_ index: Int, of burst: borrowing Burst) {
    guard burst.capturedLength(index) >= burst.wireLength(index) else {
      cutSums &+= 1
      return
    }
    let packet = burst.mutableBytes(index)
    var sum = header.pseudoHeaderSum(of: packet)
    var offset = header.transport
    while let piece = burst.piece(index, from: offset) {
      var part = Checksum()
      part.add(piece.start, count: piece.count)
      // Bytes at odd places are the other halves of their words (RFC 1071 section 2 B).
      let isOdd = (offset &- header.transport) & 1 != 0
      sum.add(isOdd ? (~part.value).byteSwapped : ~part.value)
      offset &+= piece.count
    }
    packet.storeBytes(
      of: Checksum.udpValue(sum.value).bigEndian, toByteOffset: header.transport &+ 6,
      as: UInt16.self)
  }

  public func figures() -> [StageFigure] {
    counts.figures
      + (cutSums > 0 ? [StageFigure("without checksum: cut", cutSums)] : [])
  }
}
