// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings
import Wire

/// Takes packets out of their outermost VXLAN or Geneve tunnel.
public struct Decapsulate: Stage, ~Copyable {
  public static var name: String { "decapsulate" }
  public static var summary: String {
    "Takes packets out of their outermost VXLAN or Geneve tunnel; congestion marks stay."
  }
  public static var settings: [any SettingDeclaration] { [types, id, criticalOptions] }
  public static var example: String {
    """
    - decapsulate:
      when: ip.dst == 192.0.2.1
    - decapsulate: {types: [vxlan], id: 5001}
    """
  }

  static let types: Setting<[Encapsulate.TunnelType]> = .list(
    "types", of: .choice, default: "[vxlan, geneve]", "The tunnels' formats")
  static let id: Setting<Int?> = .integer(
    "id", in: 0...0xff_ffff, "Only tunnels of this virtual network")

  static let criticalOptions: Setting<CriticalOptions> = .choice(
    "critical-options", default: .drop,
    "What happens to a packet with Geneve options that must be understood: none is here")

  enum CriticalOptions: String, CaseIterable, Sendable { case drop, ignore }

  private enum Outcome: Int, StageOutcome {
    case decapsulated, other, fragment, malformed, control, withoutEthernet, marked, critical

    var text: String {
      switch self {
      case .decapsulated: "decapsulated"
      case .other: "left alone: no such tunnel"
      case .fragment: "left alone: fragments"
      case .malformed: "left alone: malformed"
      case .control: "left alone: control messages"
      case .withoutEthernet: "left alone: no Ethernet within"
      case .marked: "dropped: CE around Not-ECT"
      case .critical: "dropped: critical options"
      }
    }
  }

  private let takesVXLAN: Bool
  private let takesGeneve: Bool
  /// Negative where any is taken.
  private let id: Int
  private let dropsCritical: Bool
  private let markedReason: DropReason
  private let criticalReason: DropReason
  private let counts = OutcomeCounts<Outcome>()
  /// The headers of the packet within.
  private let inner: UnsafeMutablePointer<Headers>
  /// Packets that got CE, or ECT(1), from the tunnel's header.
  private var remarked: UInt64 = 0
  private var unused: UInt64 = 0
  private var dangerous: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let types = settings[Self.types]
    guard !types.isEmpty else {
      throw settings.error(
        Self.types, "'types' names no tunnel", fix: "leave the setting out for both")
    }
    takesVXLAN = types.contains(.vxlan)
    takesGeneve = types.contains(.geneve)
    id = settings[Self.id] ?? -1
    dropsCritical = settings[Self.criticalOptions] == .drop
    markedReason = context.reason("decapsulate.ce")
    criticalReason = context.reason("decapsulate.critical-options")
    inner = .allocate(capacity: 1)
    inner.initialize(to: Headers())
  }

  deinit { inner.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let outcome = decapsulate(index, of: &burst)
      counts.add(outcome)
      if outcome == .marked { burst.drop(index, markedReason) }
      if outcome == .critical { burst.drop(index, criticalReason) }
    }
  }

  private mutating func decapsulate(_ index: Int, of burst: inout Burst) -> Outcome {
    let headers = burst.headers(index)
    let layers = headers.pointee.layers
    guard layers.contains(.udp), layers.contains(.ethernet), burst.link == .ethernet else {
      return layers.contains(.fragment) ? .fragment : .other
    }
    guard !layers.contains(.fragment) else { return .fragment }
    guard headers.pointee.malformation == .none else { return .malformed }
    let packet = burst.packet(index)
    let found = UDPTunnel(outermostIn: packet.bytes, headers, by: burst.parserRules)
    guard let tunnel = found, takes(tunnel) else { return .other }
    if tunnel.isControl { return .control }
    if tunnel.hasCriticalOptions, dropsCritical { return .critical }
    guard tunnel.carriesEthernet else { return .withoutEthernet }
    find(tunnel, in: packet, by: burst.parserRules)
    guard inner.pointee.malformation == .none else { return .malformed }
    guard propagateECN(tunnel, in: packet, headers) else { return .marked }
    takeOff(tunnel, index, of: &burst)
    return .decapsulated
  }

  @inline(__always)
  private func takes(_ tunnel: UDPTunnel) -> Bool {
    (tunnel.kind == .vxlan ? takesVXLAN : takesGeneve) && (id < 0 || id == Int(tunnel.id))
  }

  /// Finds the headers of the packet within, as they will be when the tunnel's are gone.
  @inline(__always)
  private func find(
    _ tunnel: UDPTunnel, in packet: Packet, by rules: UnsafePointer<ParserRules>
  ) {
    let captured = min(Int(packet.pointee.data_length), tunnel.end) &- tunnel.start
    parse(
      UnsafeRawPointer(packet.bytes) + tunnel.start, captured: captured,
      wireLength: tunnel.end &- tunnel.start, link: .ethernet, by: rules, into: inner)
  }

  /// False when the packet must be dropped. What has no IP header has nothing to be marked.
  @inline(__always)
  private mutating func propagateECN(
    _ tunnel: UDPTunnel, in packet: Packet, _ headers: UnsafePointer<Headers>
  ) -> Bool {
    guard let outer = IPHeader(of: packet.bytes, headers),
      let within = IPHeader(of: packet.bytes + tunnel.start, UnsafePointer(inner))
    else { return true }
    let old = within.trafficClass & 3
    let ecn = TunnelECN(inner: old, outer: outer.trafficClass)
    if ecn.use == .unused { unused &+= 1 }
    if ecn.use == .dangerous { dangerous &+= 1 }
    guard let field = ecn.field else { return false }
    if field != old {
      within.setECN(field)
      remarked &+= 1
    }
    return true
  }

  /// Behind the tunnel's datagram there may be padding or a check sequence of the outer frame.
  @inline(__always)
  private func takeOff(_ tunnel: UDPTunnel, _ index: Int, of burst: inout Burst) {
    let packet = burst.packet(index)
    let behind = Int(burst.capturedLength(index)) &- tunnel.end
    let stays = behind > 0 && !Self.trim(packet, behind)
    // `parse` found an Ethernet header there, so the first segment has so many bytes.
    let whole = Int(burst.wireLength(index))
    guard burst.removeFirst(tunnel.start, of: index) else { return }
    if !stays { burst.changeLength(index, by: Int32(truncatingIfNeeded: tunnel.end &- whole)) }
    inner.pointee.keepMarks(of: burst.headers(index).pointee)
    burst.mutableHeaders(index).pointee = inner.pointee
    burst.noteLayers(of: Selection(bits: 1 << UInt64(index)))
  }

  /// False where the last buffer has not so many bytes.
  @inline(never)
  private static func trim(_ packet: Packet, _ count: Int) -> Bool {
    count <= Int(UInt16.max) && cdpdk_trim(packet, UInt16(truncatingIfNeeded: count))
  }

  public func figures() -> [StageFigure] {
    let marks = [
      ("marked by the tunnel", remarked), ("unused ECN combinations", unused),
      ("unused and dangerous ECN combinations", dangerous),
    ]
    return counts.figures + marks.filter { $0.1 > 0 }.map { StageFigure($0.0, $0.1) }
  }
}
