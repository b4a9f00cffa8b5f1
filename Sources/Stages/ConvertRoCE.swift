// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings
import Wire

/// Makes RoCEv2 of RoCEv1, or RoCEv1 of RoCEv2.
public struct ConvertRoCE: Stage, ~Copyable {
  public static var name: String { "convert-roce" }
  public static var summary: String {
    "Makes RoCEv2 of RoCEv1, or RoCEv1 of RoCEv2; a good ICRC is good afterwards, a bad one bad."
  }
  public static var settings: [any SettingDeclaration] { [to, sourcePort] }
  public static var shorthand: String? { to.name }
  public static var example: String {
    """
    - convert-roce: v2
    - convert-roce: {to: v2, source-port: 49152}
    - convert-roce: v1
      when: eth.dst == 02:00:00:00:00:01
    """
  }

  enum Version: String, CaseIterable, Sendable { case v1, v2 }

  static let to: Setting<Version> = .choice(
    "to", "The version to make: v1 has a global route header, v2 IPv4 or IPv6 and UDP")
  static let sourcePort: Setting<Int?> = .integer(
    "source-port", in: 0...65535,
    "RoCEv2's UDP source port; left out, one by flow label or queue pair")

  private enum Outcome: Int, StageOutcome {
    case converted, convertedCut, needless, withoutEthernet, tunnelled, malformed, fragment
    case unusual, withoutRoom, other

    var text: String {
      switch self {
      case .converted: "converted"
      case .convertedCut: "converted without their ICRC: cut"
      case .needless: "already of that version"
      case .withoutEthernet: "left alone: no Ethernet header"
      case .tunnelled: "left alone: in a tunnel"
      case .malformed: "left alone: malformed"
      case .fragment: "left alone: fragments"
      case .unusual: "left alone: IP options, extension headers or labels"
      case .withoutRoom: "left alone: no room in front"
      case .other: "not RoCE"
      }
    }
  }

  private let toV2: Bool
  /// Negative where packets have ports by what is in them.
  private let sourcePort: Int
  private let counts = OutcomeCounts<Outcome>()

  public init(_ settings: SettingValues, _ context: StageContext) {
    toV2 = settings[Self.to] == .v2
    sourcePort = settings[Self.sourcePort] ?? -1
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection { counts.add(convert(index, of: &burst)) }
  }

  private func convert(_ index: Int, of burst: inout Burst) -> Outcome {
    if let obstacle = obstacle(index, of: burst) { return obstacle }
    let headers = burst.headers(index)
    let old = burst.mutableBytes(index)
    // What the ICRC covers is known of packets without options and extension headers only.
    guard let before = ICRC(headers, old) else { return .unusual }
    let stored = ICRC.stored(in: burst, at: index)
    let network = headers.pointee[.network]
    let isIPv4 = headers.pointee.layers.contains(.ipv4)
    let route = isIPv4 ? RoCERoute(ipv4: old + network) : RoCERoute(ipv6: old + network)
    let payload = Int(headers.pointee.rdmaEnd) &- headers.pointee[.rdma]
    let port = toV2 ? port(of: route, old, headers) : 0
    let length = toV2 ? route.lengthOfV2 : GRH.headerLength
    let growth = network &+ length &- headers.pointee[.rdma]
    guard let new = Self.move(index, of: &burst, linkHeader: network, by: growth) else {
      return .withoutRoom
    }
    if toV2 {
      let destination = burst.parserRules.pointee.rocePort
      route.writeV2(to: new + network, payload: payload, source: port, destination: destination)
    } else {
      route.writeV1(to: new + network, payload: payload)
    }
    let type: UInt16 = toV2 ? (route.isIPv4 ? 0x0800 : 0x86dd) : 0x8915
    new.storeBytes(of: type.bigEndian, toByteOffset: network &- 2, as: UInt16.self)
    Parse.parseAgain(index, of: &burst)
    return follow(stored, from: before, over: payload, index, of: burst)
  }

  /// Why the packet stays as it is, if it does.
  private func obstacle(_ index: Int, of burst: borrowing Burst) -> Outcome? {
    let headers = burst.headers(index)
    let layers = headers.pointee.layers
    if headers.pointee.malformation != .none { return .malformed }
    guard layers.contains(.bth), headers.pointee.rdmaEnd > 0 else {
      return layers.contains(.fragment) ? .fragment : .other
    }
    if headers.pointee.tunnelCount > 0 { return .tunnelled }
    guard layers.contains(.ethernet), burst.link == .ethernet else { return .withoutEthernet }
    // Nothing but VLAN tags stands between the addresses and the EtherType in front of the route.
    let behindTags = 14 &+ 4 &* Int(headers.pointee.vlanCount)
    guard headers.pointee[.network] == behindTags else { return .unusual }
    return layers.contains(.grh) == toV2 ? nil : .needless
  }

  private func port(
    of route: RoCERoute, _ bytes: UnsafeRawPointer, _ headers: UnsafePointer<Headers>
  ) -> UInt16 {
    guard sourcePort < 0 else { return UInt16(truncatingIfNeeded: sourcePort) }
    let target = Self.queuePair(bytes + headers.pointee[.rdma] + 4)
    // Only datagrams name the queue pair that they come from.
    let isDatagram = headers.pointee.layers.contains(.deth)
    let origin = isDatagram ? Self.queuePair(bytes + headers.pointee[.queue] + 4) : 1
    return RoCERoute.sourcePort(flowLabel: route.flowLabel, origin, target)
  }

  /// The lower 24 bits of 4 bytes.
  private static func queuePair(_ bytes: UnsafeRawPointer) -> UInt32 {
    bytes.networkUInt32(at: 0) & 0xff_ffff
  }

  /// Makes the headers behind the link header longer or shorter, and returns where the packet
  /// begins now; nil when there is no room in front.
  private static func move(
    _ index: Int, of burst: inout Burst, linkHeader length: Int, by growth: Int
  ) -> UnsafeMutableRawPointer? {
    let old = burst.mutableBytes(index)
    if growth > 0 {
      guard let new = burst.prepend(growth, to: index) else { return nil }
      new.copyMemory(from: old, byteCount: length)
    } else {
      // Copied while the bytes in front are still the packet's.
      let spare = 0 &- growth
      guard Int(burst.packet(index).pointee.data_length) >= spare &+ length else { return nil }
      (old + spare).copyMemory(from: old, byteCount: length)
      guard burst.removeFirst(spare, of: index) else { return nil }
    }
    return burst.mutableBytes(index)
  }

  /// Writes the ICRC that the stored one has become; a wrong one is wrong by as much as before.
  private func follow(
    _ stored: UInt32?, from before: ICRC, over payload: Int, _ index: Int,
    of burst: borrowing Burst
  ) -> Outcome {
    guard let stored, let after = ICRC(burst.headers(index), burst.bytes(index)) else {
      return .convertedCut
    }
    let count = payload &- BTH.headerLength &- BTH.checkLength
    ICRC.store(
      ICRC.updated(stored, from: before, to: after, over: count), in: burst, at: index)
    return .converted
  }

  public func figures() -> [StageFigure] { counts.figures }
}
