// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Congestion
public import Pipeline
public import Settings
import Tables
import Wire

/// Answers packets with a congestion mark by notifications: DCQCN's notification point.
public struct DCQCNNP: Stage, ~Copyable {
  public static var name: String { "dcqcn-np" }
  public static var summary: String {
    "Answers RoCE data that has the mark CE with congestion notifications, as a receiving adapter"
      + " does."
  }
  public static var settings: [any SettingDeclaration] {
    [port, interval, per, dscp, ecn, pcp, ttl, sourcePort, capacity]
  }
  public static var shorthand: String? { port.name }
  public static var example: String {
    """
    - track-qps
    - dcqcn-np: wire
    - track-qps
    - dcqcn-np: {port: wire, interval: 50us, per: address}
    """
  }

  /// Which packets count for one interval.
  enum Grouping: String, CaseIterable, Sendable {
    case queuePair = "queue-pair"
    case address, port
  }

  /// What the notification's ECN field says.
  enum Codepoint: String, CaseIterable, Sendable {
    case notECT = "not-ect"
    case ect0, ect1
  }

  static let port: Setting<String> = .port("port", "The port that notifications leave by")
  static let interval: Setting<UInt64> = .duration(
    "interval", in: 0...1, default: "4us",
    "At least so long between two notifications; 4us is what NVIDIA's adapters are set to, 50us"
      + " the paper's")
  static let per: Setting<Grouping> = .choice(
    "per", default: .queuePair,
    "What has an interval of its own: a queue pair, a sender's address, or the port that packets"
      + " come in by")
  static let dscp: Setting<Int> = .integer("dscp", in: 0...63, default: 48, "Its DSCP")
  static let ecn: Setting<Codepoint> = .choice("ecn", default: .ect0, "Its ECN codepoint")
  static let pcp: Setting<Int> = .integer(
    "pcp", in: 0...7, default: 6, "The priority of its VLAN tags, which are those of the packet")
  static let ttl: Setting<Int> = .integer("ttl", in: 1...255, default: 64, "Its TTL or hop limit")
  static let sourcePort: Setting<Int> = .integer(
    "source-port", in: 0...65535, default: 0, "Its UDP source port")
  static let capacity: Setting<Int> = .integer(
    "capacity", in: 1...FlowTable.largestCapacity, default: 65536,
    "How many queue pairs have intervals, as many as `track-qps` has room for; packets of others"
      + " are not answered")

  private let port: PortIndex
  private let grouping: Grouping
  private let pool: OpaquePointer?
  private let notification: CongestionNotification
  private var numbered: NotificationPoint
  private var hashed: HashedNotificationPoint
  private let hash: FlowHash
  private var counts = Counts()

  private struct Counts {
    var marked: UInt64 = 0
    var sent: UInt64 = 0
    var suppressed: UInt64 = 0
    var unpaired: UInt64 = 0
    var beyondCapacity: UInt64 = 0
    var otherForm: UInt64 = 0
    var withoutBuffer: UInt64 = 0
  }

  public init(_ settings: SettingValues, _ context: StageContext) {
    port = context.port(settings[Self.port])
    grouping = settings[Self.per]
    pool = context.pool
    let codepoint =
      switch settings[Self.ecn] {
      case .notECT: ECN.notECT
      case .ect0: ECN.ect0
      case .ect1: ECN.ect1
      }
    notification = CongestionNotification(
      trafficClass: UInt8(settings[Self.dscp]) << 2 | codepoint,
      priority: UInt8(settings[Self.pcp]), hopLimit: UInt8(settings[Self.ttl]),
      sourcePort: UInt16(settings[Self.sourcePort]))
    let interval = settings[Self.interval]
    let isOfQueuePairs = grouping == .queuePair && context.mode != .check
    numbered = NotificationPoint(
      interval: interval, capacity: isOfQueuePairs ? settings[Self.capacity] : PortIndex.limit)
    hashed = HashedNotificationPoint(
      interval: interval, logarithm: grouping == .address && context.mode != .check ? 16 : 4)
    hash = FlowHash(seed: context.nextSeed())
    context.reservePackets(perBurst: Burst.capacity)
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let headers = burst.headers(index)
      guard headers.pointee.layers.rawValue & Layers.bth.rawValue != 0,
        let ip = IPHeader(of: burst.mutableBytes(index), headers),
        ip.trafficClass & ECN.ce == ECN.ce, RoCEData.isData(index, of: burst)
      else { continue }
      answer(index, of: &burst)
    }
  }

  @inline(never)
  private mutating func answer(_ index: Int, of burst: inout Burst) {
    counts.marked &+= 1
    let headers = burst.headers(index)
    guard let length = CongestionNotification.length(answering: headers) else {
      counts.otherForm &+= 1
      return
    }
    guard let peer = burst.peer(of: index) else {
      counts.unpaired &+= 1
      return
    }
    let now = burst.nanoseconds(index)
    guard let place = place(of: index, in: burst, at: now) else { return }
    guard make(length, index, of: &burst, to: peer.pointee.key.queuePair) else {
      counts.withoutBuffer &+= 1
      return
    }
    counts.sent &+= 1
    if grouping == .address {
      hashed.notify(place, sender(of: index, in: burst), at: now)
    } else {
      numbered.notify(place, at: now)
    }
  }

  /// The place of whom the packet counts for, if the interval is over.
  private mutating func place(
    of index: Int, in burst: borrowing Burst, at now: UInt64
  ) -> Int? {
    var place: Int?
    switch grouping {
    case .queuePair:
      let directory = burst.queuePairDirectory
      guard let entry = burst.queuePair(index), let number = directory.number(of: entry),
        number < numbered.capacity
      else {
        counts.beyondCapacity &+= 1
        return nil
      }
      place = numbered.admits(number, at: now) ? number : nil
    case .address: place = hashed.place(admitting: sender(of: index, in: burst), at: now)
    case .port:
      let number = Int(burst.input.value)
      place = numbered.admits(number, at: now) ? number : nil
    }
    if place == nil { counts.suppressed &+= 1 }
    return place
  }

  /// A hash of the packet's source address.
  private func sender(of index: Int, in burst: borrowing Burst) -> UInt64 {
    let headers = burst.headers(index)
    let network = burst.bytes(index) + headers.pointee[.network]
    var key = FlowKey()
    if headers.pointee.layers.contains(.ipv4) {
      key.words[0] = UInt64(network.networkUInt32(at: 12))
    } else {
      key.words[0] = network.networkUInt64(at: 8)
      key.words[1] = network.networkUInt64(at: 16)
      key.words[4] = 1
    }
    return hash(key)
  }

  private func make(
    _ length: Int, _ index: Int, of burst: inout Burst, to queuePair: UInt32
  ) -> Bool {
    guard let pool, let packet = cdpdk_allocate(pool) else { return false }
    guard let answer = cdpdk_append(packet, UInt16(length)) else {
      packet.free()
      return false
    }
    notification.write(
      to: answer, answering: burst.bytes(index), burst.headers(index), queuePair: queuePair)
    let isTaken = burst.emit(
      packet, to: port, nanoseconds: burst.nanoseconds(index), wireLength: UInt32(length))
    if !isTaken { packet.free() }
    return isTaken
  }

  public func figures() -> [StageFigure] {
    let rest = [
      StageFigure("unpaired", counts.unpaired),
      StageFigure("not answered: beyond the capacity", counts.beyondCapacity),
      StageFigure("not answered: not plain RoCEv2", counts.otherForm),
      StageFigure("no buffer", counts.withoutBuffer),
    ]
    return [
      StageFigure("CE seen", counts.marked), StageFigure("CNPs sent", counts.sent),
      StageFigure("suppressed by the interval", counts.suppressed),
    ] + rest.filter { $0.value > 0 }
  }
}
