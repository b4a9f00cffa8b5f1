// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Wire

/// Gives packets a priority by their DSCP or PCP.
public struct MapPriority: Stage, ~Copyable {
  public static var name: String { "map-priority" }
  public static var summary: String {
    "Gives packets a priority and a class by DSCP or PCP; tells of RoCE in a lossy priority."
  }
  public static var settings: [any SettingDeclaration] {
    [map, trust, dscp, pcp, absent, lossless]
  }
  public static var shorthand: String? { map.name }
  public static var example: String {
    """
    - map-priority: roce-dscp26
    - map-priority:
        map: sonic-azure
        dscp:
          - {dscp: [24, 26], priority: 3, class: storage}
          - {dscp: [8], class: bulk}
    - count: lossless
      when: priority in {3, 4}
    """
  }

  /// What of a packet is believed.
  enum Trust: String, CaseIterable, Sendable {
    case dscp, pcp
    case dscpThenPCP = "dscp-then-pcp"
  }

  static let map: Setting<PriorityMap.Name?> = .choice(
    "map",
    "A map to begin with: of NVIDIA's adapters, DSCP 26 to priority 3 and 48 to 6; or SONiC's"
      + " default, where DSCP 3 and 4 are lossless and most others have priority 1")
  static let trust: Setting<Trust> = .choice(
    "trust", default: .dscpThenPCP,
    "What is looked at: the DSCP of IP packets, the PCP of tagged ones, or the PCP of those without"
      + " a DSCP")
  static let dscp: Setting<[SettingValues]> = .list(
    "dscp", of: .record([dscps, priority, trafficClass]), default: "[]",
    "What packets with these DSCPs get, before what the map says")
  static let pcp: Setting<[SettingValues]> = .list(
    "pcp", of: .record([pcps, priority, trafficClass]), default: "[]",
    "What packets with these PCPs get, before what the map says")
  static let absent: Setting<Int> = .integer(
    "default", in: 0...7, default: 0, "The priority of packets that nothing else is said of")
  static let lossless: Setting<[Int]?> = .list(
    "lossless", of: .integer(in: 0...7),
    "The priorities in which PFC prevents loss: when left out, those of the map")

  static let dscps: Setting<[Int]> = .list("dscp", of: .integer(in: 0...63), "The DSCPs")
  static let pcps: Setting<[Int]> = .list("pcp", of: .integer(in: 0...7), "The PCPs")
  static let priority: Setting<Int?> = .integer(
    "priority", in: 0...7, "Their priority: when left out, that of the map")
  static let trafficClass: Setting<String?> = .identifier(
    "class", "Their class: when left out, what they have")

  private struct Entry {
    var priority: UInt8
    var isLossless: Bool
    var trafficClass: TrafficClass
  }

  private let map: PriorityMap
  private let readsDSCP: Bool
  private let readsPCP: Bool
  /// By key: what packets get, how many there were, and how many of RoCE data in a lossy priority.
  private let entries: UnsafeMutablePointer<Entry>
  private let packets: UnsafeMutablePointer<UInt64>
  private let lossy: UnsafeMutablePointer<UInt64>

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let map = try Self.priorityMap(settings, context)
    if context.mode == .check { map.explanation.forEach(context.explain) }
    self.map = map
    readsDSCP = settings[Self.trust] != .pcp
    readsPCP = settings[Self.trust] != .dscp
    let count = PriorityMap.Key.count
    entries = .allocate(capacity: count)
    for key in 0..<count {
      let priority = map.priorities[key]
      (entries + key).initialize(
        to: Entry(
          priority: priority, isLossless: map.isLossless(priority), trafficClass: map.classes[key]))
    }
    packets = .allocate(capacity: count)
    packets.initialize(repeating: 0, count: count)
    lossy = .allocate(capacity: count)
    lossy.initialize(repeating: 0, count: count)
  }

  deinit {
    entries.deallocate()
    packets.deallocate()
    lossy.deallocate()
  }

  private static func priorityMap(
    _ settings: SettingValues, _ context: StageContext
  ) throws(SettingsError) -> PriorityMap {
    var map = PriorityMap(
      settings[map], default: settings[absent], lossless: settings[lossless])
    guard settings[self.map] != nil || !(settings[dscp] + settings[pcp]).isEmpty else {
      throw settings.error(
        self.map, "there is nothing to map by",
        fix:
          "name a map (\(PriorityMap.Name.allCases.map(\.rawValue).alternatives)), or write 'dscp'")
    }
    for (list, numbers, first) in [(dscp, dscps, 0), (pcp, pcps, PriorityMap.Key.pcp)] {
      for record in settings[list] {
        let name = try record.trafficClass(trafficClass, context)
        if record[priority] == nil && name == nil {
          throw record.error(numbers, "neither a priority nor a class", fix: "give one of them")
        }
        for number in record[numbers] {
          map.assign(first + number, priority: record[priority], class: name)
        }
      }
    }
    return map
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let headers = burst.mutableHeaders(index)
      let key = self.key(of: headers, burst.bytes(index))
      let entry = entries[key]
      headers.pointee.priority = entry.priority
      if entry.trafficClass != .none { headers.pointee.trafficClass = entry.trafficClass }
      packets[key] &+= 1
      if !entry.isLossless && isRoCE(headers.pointee.layers) {
        lossy[key] &+= Self.carriesMessages(headers, burst.bytes(index)) ? 1 : 0
      }
    }
  }

  @inline(__always)
  private func key(
    of headers: UnsafeMutablePointer<Headers>, _ bytes: UnsafeRawPointer
  ) -> Int {
    let layers = headers.pointee.layers.rawValue
    if readsDSCP && layers & Layers.ip.rawValue != 0 {
      let word = bytes.networkUInt16(at: headers.pointee[.network])
      // The traffic class begins 8 bits into an IPv4 header, and 4 into one of IPv6.
      let isIPv4 = layers & Layers.ipv4.rawValue != 0
      return Int(isIPv4 ? word &>> 2 : word &>> 6) & 63
    }
    if readsPCP && layers & Layers.vlan.rawValue != 0 {
      let tag = (bytes + headers.pointee[.vlan]).loadUnaligned(as: UInt8.self)
      return PriorityMap.Key.pcp &+ Int(tag &>> 5)
    }
    return PriorityMap.Key.nothing
  }

  /// Native InfiniBand has service levels instead of priorities.
  @inline(__always)
  private func isRoCE(_ layers: Layers) -> Bool {
    layers.rawValue & (Layers.bth.rawValue | Layers.lrh.rawValue) == Layers.bth.rawValue
  }

  /// Whether a RoCE packet is part of a message that must not be lost: not a notification of
  /// congestion, an acknowledgement or a management datagram, which have priorities of their own.
  @inline(__always)
  private static func carriesMessages(
    _ headers: UnsafeMutablePointer<Headers>, _ bytes: UnsafeRawPointer
  ) -> Bool {
    let transport = bytes + headers.pointee[.rdma]
    let opcode = transport.load(as: UInt8.self)
    let operation = opcode & 0x1f
    let queue = transport.networkUInt32(at: 4)
    return opcode != 0x81 && operation != 0x11 && operation != 0x12 && queue & 0xff_ffff > 1
  }

  public func figures() -> [StageFigure] {
    let keys = 0..<PriorityMap.Key.count
    var figures = (UInt8(0)..<8).compactMap { priority in
      let count = keys.filter { map.priorities[$0] == priority }.reduce(0) { $0 + packets[$1] }
      return count > 0 ? StageFigure("priority \(priority)", count) : nil
    }
    for key in keys where lossy[key] > 0 {
      let priority = map.priorities[key]
      figures.append(
        StageFigure(
          "RoCE in lossy priority \(priority): \(PriorityMap.Key.name(of: key))", lossy[key]))
    }
    return figures
  }

  public func notes() -> [String] {
    guard map.lossless != 0 else { return [] }
    return (0..<PriorityMap.Key.count).filter { lossy[$0] > 0 }.map { key in
      let priority = map.priorities[key]
      return "RoCE data with \(PriorityMap.Key.name(of: key)) gets priority \(priority), in which"
        + " packets can be lost; lossless: \(map.losslessText)"
    }
  }
}
