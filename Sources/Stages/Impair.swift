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
    - impair: {duplicate: 0.5%}
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

  /// Packets in their order, and those that others overtake.
  private var line: DelayLine
  private var overtaken: DelayLine
  private var arrivals: UInt64 = 0
  /// When the last packet that keeps its order leaves.
  private var lastDeparture: UInt64 = 0
  private var counts = ImpairmentCounts()

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let impairments = try Impairments(settings)
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
    let capacity = impairments.holds && context.mode != .check ? impairments.capacity : 1
    line = DelayLine(capacity: capacity)
    overtaken = DelayLine(capacity: impairments.reorder.isNever ? 1 : capacity)
    if impairments.holds { context.reservePackets(held: impairments.capacity) }
  }

  deinit { sequenceNumbers.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    let fates = chances.next(selection)
    var rest = selection
    if sequenceNumberCount > 0 || untilDrop > 0 { dropByPlan(&rest, of: &burst) }
    let lost = fates.lost.intersection(rest)
    if !lost.isEmpty {
      counts.lost &+= UInt64(truncatingIfNeeded: lost.count)
      burst.drop(lost, reasons.loss)
      rest = rest.subtracting(lost)
    }
    let lostInBurst = fates.lostInBurst.intersection(rest)
    if !lostInBurst.isEmpty {
      counts.lostInBursts &+= UInt64(truncatingIfNeeded: lostInBurst.count)
      burst.drop(lostInBurst, reasons.burst)
      rest = rest.subtracting(lostInBurst)
    }
    for index in fates.corrupted.intersection(rest) { corrupt(index, of: &burst) }
    for index in fates.marked.intersection(rest) { mark(index, of: burst) }
    if impairments.holds { keep(rest, of: &burst, fates) }
  }

  @inline(never)
  private mutating func dropByPlan(_ rest: inout Selection, of burst: inout Burst) {
    for index in rest {
      let isEvery = isDue()
      if sequenceNumberCount > 0, hasListedNumber(index, of: burst) {
        counts.bySequenceNumber &+= 1
        burst.drop(index, reasons.psn)
        rest.remove(index)
      } else if isEvery {
        counts.byPlace &+= 1
        burst.drop(index, reasons.every)
        rest.remove(index)
      }
    }
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
    guard let ip = IPHeader(of: burst.mutableBytes(index), burst.headers(index)) else { return }
    let ecn = ip.trafficClass & 3
    guard ecn == ECN.ect0 || ecn == ECN.ect1 else { return }
    ip.setECN(ECN.ce)
    counts.marked &+= 1
  }

  @inline(never)
  private mutating func corrupt(_ index: Int, of burst: inout Burst) {
    let bytes = Corruption.range(of: burst.headers(index), in: burst.packet(index))
    guard !bytes.isEmpty else {
      counts.notCorrupted &+= 1
      return
    }
    let share = chances.places[index]
    let bit = share.multipliedFullWidth(by: UInt64(bytes.count) &* 8).high
    let place = burst.mutableBytes(index) + bytes.lowerBound + Int(bit &>> 3)
    let old = place.load(as: UInt8.self)
    place.storeBytes(of: old ^ 1 &<< UInt8(bit & 7), as: UInt8.self)
    burst.mutableHeaders(index).pointee.icrc = .unchecked
    counts.corrupted &+= 1
  }

  /// Keeps packets until their time has come, and copies until that of their packets.
  private mutating func keep(_ rest: Selection, of burst: inout Burst, _ fates: PacketFates) {
    let kept = impairments.delay > 0 ? rest : fates.overtaken.intersection(rest)
    for index in kept.union(fates.doubled.intersection(rest)) {
      let isKept = kept.contains(index)
      if isKept && !hasRoom {
        counts.full &+= 1
        burst.drop(index, reasons.full)
        continue
      }
      let wait = impairments.delay &- impairments.jitter &+ chances.jitters[index]
      lastDeparture = max(lastDeparture, burst.nanoseconds(index).saturatingSum(wait))
      let isOvertaken = fates.overtaken.contains(index)
      if isKept { delay(index, of: &burst, isOvertaken) }
      if fates.doubled.contains(index) { double(index, of: burst, isOvertaken) }
    }
  }

  @inline(__always)
  private mutating func delay(_ index: Int, of burst: inout Burst, _ isOvertaken: Bool) {
    append(burst.hold(index), isOvertaken)
    if isOvertaken { counts.reordered &+= 1 } else { counts.delayed &+= 1 }
  }

  /// Keeps a copy of a packet, which leaves behind that.
  @inline(never)
  private mutating func double(_ index: Int, of burst: borrowing Burst, _ isOvertaken: Bool) {
    guard hasRoom, let pool, let copy = cdpdk_copy(burst.packet(index), pool, .max) else {
      counts.notDoubled &+= 1
      return
    }
    append(burst.hold(copy: copy, of: index), isOvertaken)
    counts.doubled &+= 1
  }

  private var hasRoom: Bool { line.count &+ overtaken.count < impairments.capacity }

  @inline(__always)
  private mutating func append(_ held: HeldPacket, _ isOvertaken: Bool) {
    arrivals &+= 1
    let time = lastDeparture.saturatingSum(isOvertaken ? impairments.reorderDelay : 0)
    let entry = DelayLine.Entry(held: held, time: time, number: arrivals)
    if isOvertaken { overtaken.append(entry) } else { line.append(entry) }
  }

  public var nextRelease: UInt64 { min(line.next, overtaken.next) }

  public mutating func release(_ burst: inout Burst, until now: UInt64) {
    while nextRelease <= now, nextRelease != .max {
      let isOvertaken =
        overtaken.next < line.next
        || overtaken.next == line.next && overtaken.head.pointee.number < line.head.pointee.number
      let head = isOvertaken ? overtaken.head : line.head
      guard burst.resume(head.pointee.held, at: head.pointee.time) != nil else { return }
      if isOvertaken { overtaken.removeFirst() } else { line.removeFirst() }
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
