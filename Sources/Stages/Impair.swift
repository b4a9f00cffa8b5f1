// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Congestion
public import Pipeline
public import Settings
import Wire

/// Does to packets what bad links do: loses, delays, reorders, doubles and damages them.
public struct Impair: HoldingStage, ~Copyable {
  public static var name: String { "impair" }
  public static var summary: String {
    "Loses, delays, reorders, doubles, damages or marks packets, by chance or by plan."
  }
  public static var settings: [any SettingDeclaration] { Impairments.settings }
  public static var example: String {
    """
    - impair: {loss: 0.1%}
      when: roce
    - impair: {delay: 10us, jitter: 2us, reorder: 1%, reorder-delay: 20us}
    - impair: {burst-loss: {p: 0.1%, r: 25%}, corrupt: 0.01%}
    - impair: {psns: [100, 101]}
      when: bth.dest_qp == 0x11
    """
  }

  private let impairments: Impairments
  private var chances: ImpairmentChances
  private let reasons:
    (
      psn: DropReason, every: DropReason, loss: DropReason, burst: DropReason, full: DropReason
    )
  /// The PSNs whose packets are still to be dropped.
  private let sequenceNumbers: UnsafeMutablePointer<UInt32>
  private var sequenceNumberCount: Int
  /// How many packets pass before the next one that is dropped by its number.
  private var untilDrop: UInt64
  private let pool: OpaquePointer?
  private let isLive: Bool

  /// Packets in their order, and those that others overtake.
  private var line: DelayLine
  private var overtaken: DelayLine
  private var arrivals: UInt64 = 0
  /// When the last packet that keeps its order leaves.
  private var lastDeparture: UInt64 = 0
  private var counts = ImpairmentCounts()

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let impairments = try Impairments(settings, context)
    self.impairments = impairments
    chances = ImpairmentChances(impairments, seed: context.nextSeed())
    reasons = (
      context.reason("impaired-psn"), context.reason("impaired-every"),
      context.reason("impaired-loss"), context.reason("impaired-burst-loss"),
      context.reason("impaired-full")
    )
    let numbers = settings[Impairments.psns] ?? []
    sequenceNumbers = .allocate(capacity: max(numbers.count, 1))
    for (place, number) in numbers.enumerated() {
      (sequenceNumbers + place).initialize(to: UInt32(number))
    }
    sequenceNumberCount = numbers.count
    untilDrop = impairments.every
    pool = context.pool
    isLive = context.mode == .live
    let capacity = impairments.holds && context.mode != .check ? impairments.capacity : 1
    line = DelayLine(capacity: capacity)
    overtaken = DelayLine(capacity: impairments.reorder.isNever ? 1 : capacity)
    if impairments.holds { context.reservePackets(held: impairments.capacity) }
    if impairments.copyPort != nil { context.reservePackets(perBurst: Burst.capacity) }
  }

  deinit { sequenceNumbers.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let fate = chances.next(impairments)
      if let reason = dropReason(index, of: burst, fate) {
        burst.drop(index, reason)
        continue
      }
      if fate.isCorrupted { corrupt(index, of: &burst, at: fate.place) }
      if fate.isMarked { mark(index, of: burst) }
      if impairments.delay > 0 || fate.isOvertaken {
        delay(index, of: &burst, fate)
      } else if fate.isDoubled {
        double(index, of: &burst)
      }
    }
  }

  @inline(__always)
  private mutating func dropReason(
    _ index: Int, of burst: borrowing Burst, _ fate: PacketFate
  ) -> DropReason? {
    let isEvery = isDue()
    if sequenceNumberCount > 0, hasListedNumber(index, of: burst) {
      counts.bySequenceNumber &+= 1
      return reasons.psn
    }
    if isEvery {
      counts.byPlace &+= 1
      return reasons.every
    }
    if fate.isLost {
      counts.lost &+= 1
      return reasons.loss
    }
    if fate.isLostInBurst {
      counts.lostInBursts &+= 1
      return reasons.burst
    }
    return nil
  }

  @inline(__always)
  private mutating func isDue() -> Bool {
    guard untilDrop > 0 else { return false }
    untilDrop &-= 1
    guard untilDrop == 0 else { return false }
    untilDrop = impairments.every
    return true
  }

  /// Whether the packet's PSN is in the list, from which it is then taken.
  @inline(never)
  private mutating func hasListedNumber(_ index: Int, of burst: borrowing Burst) -> Bool {
    let headers = burst.headers(index)
    guard headers.pointee.layers.contains(.bth) else { return false }
    let transport = burst.bytes(index) + headers.pointee[.rdma]
    let number = transport.networkUInt32(at: 8) & 0xff_ffff
    for place in 0..<sequenceNumberCount where sequenceNumbers[place] == number {
      sequenceNumberCount &-= 1
      sequenceNumbers[place] = sequenceNumbers[sequenceNumberCount]
      return true
    }
    return false
  }

  /// Marks a packet as having met congestion, if its ends take part in that (RFC 3168, 5).
  @inline(never)
  private mutating func mark(_ index: Int, of burst: borrowing Burst) {
    guard let ip = IPHeader(of: burst.packet(index).bytes, burst.headers(index)) else { return }
    let ecn = ip.trafficClass & 3
    guard ecn == ECN.ect0 || ecn == ECN.ect1 else { return }
    ip.setECN(ECN.ce)
    counts.marked &+= 1
  }

  @inline(never)
  private mutating func corrupt(_ index: Int, of burst: inout Burst, at share: UInt64) {
    let bytes = Corruption.range(of: burst.headers(index), in: burst.packet(index))
    guard !bytes.isEmpty else {
      counts.notCorrupted &+= 1
      return
    }
    let bit = share.multipliedFullWidth(by: UInt64(bytes.count) &* 8).high
    let place = burst.packet(index).bytes + bytes.lowerBound + Int(bit &>> 3)
    let old = place.load(as: UInt8.self)
    place.storeBytes(of: old ^ 1 &<< UInt8(bit & 7), as: UInt8.self)
    burst.mutableHeaders(index).pointee.icrc = .unchecked
    counts.corrupted &+= 1
  }

  /// Sends a copy of a packet that goes on.
  @inline(never)
  private mutating func double(_ index: Int, of burst: inout Burst) {
    guard let pool, let port = impairments.copyPort,
      let copy = cdpdk_copy(burst.packet(index), pool, .max)
    else {
      counts.notDoubled &+= 1
      return
    }
    let wireLength = isLive ? copy.pointee.packet_length : burst.wireLength(index)
    if burst.emit(
      copy, to: port, nanoseconds: burst.nanoseconds(index), wireLength: wireLength)
    {
      counts.doubled &+= 1
    } else {
      var packet = copy
      withUnsafeMutablePointer(to: &packet) { cdpdk_free($0, 1) }
      counts.notDoubled &+= 1
    }
  }

  /// Keeps a packet until its time has come.
  @inline(__always)
  private mutating func delay(_ index: Int, of burst: inout Burst, _ fate: PacketFate) {
    guard line.count &+ overtaken.count < impairments.capacity else {
      counts.full &+= 1
      burst.drop(index, reasons.full)
      return
    }
    let wait = impairments.delay &- impairments.jitter &+ fate.jitter
    lastDeparture = max(lastDeparture, burst.nanoseconds(index).saturatingSum(wait))
    arrivals &+= 1
    var entry = DelayLine.Entry(
      held: burst.hold(index), time: lastDeparture, number: arrivals,
      isDoubled: fate.isDoubled)
    if fate.isOvertaken {
      entry.time = entry.time.saturatingSum(impairments.reorderDelay)
      overtaken.append(entry)
      counts.reordered &+= 1
    } else {
      line.append(entry)
      counts.delayed &+= 1
    }
  }

  public var nextRelease: UInt64 { min(line.next, overtaken.next) }

  public mutating func release(_ burst: inout Burst, until now: UInt64) {
    while nextRelease <= now, nextRelease != .max {
      let isOvertaken =
        overtaken.next < line.next
        || overtaken.next == line.next && overtaken.head.pointee.number < line.head.pointee.number
      let head = isOvertaken ? overtaken.head : line.head
      guard let index = burst.resume(head.pointee.held, at: head.pointee.time) else { return }
      let isDoubled = head.pointee.isDoubled
      if isOvertaken { overtaken.removeFirst() } else { line.removeFirst() }
      if isDoubled { double(index, of: &burst) }
    }
  }

  public func figures() -> [StageFigure] { counts.figures(of: impairments) }
}

extension UInt64 {
  /// A time that is so much later, and never past the last but one: `.max` stands for never.
  fileprivate func saturatingSum(_ nanoseconds: UInt64) -> UInt64 {
    let (sum, isTooLate) = addingReportingOverflow(nanoseconds)
    return isTooLate ? .max - 1 : Swift.min(sum, .max - 1)
  }
}
