// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings
import Wire

/// Chooses packets by what a queue measures, and marks those that RFC 3168 allows to mark: ECT(0)
/// and ECT(1) become CE, and nothing else ever changes. Of a tunnel the outer header is meant.
struct ECNMarking: BitwiseCopyable {
  private var classic: MarkingCurve
  /// Of packets with ECT(1).
  private var scalable: MarkingCurve
  /// Whether the curves go by the time that packets wait, in nanoseconds.
  private var isOfDelay: Bool
  private var scalableIsOfDelay: Bool
  /// Nothing is marked up to this depth, where both curves go by the depth.
  private(set) var lowest: UInt64
  /// The weight of the average by which packets are marked, 2 to the minus this; 0 for none.
  let average: Int
  private let priorities: UInt8
  private let marksCNPs: Bool
  private let marksAcks: Bool
  private let dropsNotECT: Bool
  private var generator: SplitMix64
  /// Packets that came with CE.
  var ceIn: UInt64 = 0
  private var marked: UInt64 = 0
  private var selectedNotECT: UInt64 = 0

  init(
    classic: MarkingCurve, isOfDelay: Bool, scalable: MarkingCurve?, _ settings: SettingValues,
    seed: UInt64
  ) {
    self.classic = classic
    self.isOfDelay = isOfDelay
    self.scalable = scalable ?? classic
    scalableIsOfDelay = scalable != nil || isOfDelay
    lowest = min(classic.min, self.scalable.min)
    average = settings[MarkSettings.average] ?? 0
    priorities = (settings[MarkSettings.priorities] ?? Array(0...7)).reduce(0) { $0 | 1 << $1 }
    marksCNPs = settings[MarkSettings.marksCNPs]
    marksAcks = settings[MarkSettings.marksAcks]
    dropsNotECT = settings[MarkSettings.notECT] == .drop
    generator = SplitMix64(seed: seed)
  }

  /// Whether some packets are marked by the time that they wait.
  var measuresDelay: Bool { isOfDelay || scalableIsOfDelay }

  /// Makes times that packets wait into depths of a queue that drains at `rate`, in bits a second.
  mutating func convertDelays(toDepthsAt rate: UInt64) {
    if isOfDelay { classic = Self.depths(of: classic, rate) }
    if scalableIsOfDelay { scalable = Self.depths(of: scalable, rate) }
    (isOfDelay, scalableIsOfDelay) = (false, false)
    lowest = min(classic.min, scalable.min)
  }

  /// A depth waits longer than a time exactly when it is more than what drains in the time.
  private static func depths(of curve: MarkingCurve, _ rate: UInt64) -> MarkingCurve {
    let rate = TokenRate(perSecond: rate)
    func bytes(_ nanoseconds: UInt64) -> UInt64 {
      var fraction: UInt32 = 0
      return rate.tokens(in: nanoseconds, &fraction) / 8
    }
    return MarkingCurve(
      min: bytes(curve.min), max: bytes(curve.max), probability: curve.probability)
  }

  /// 1 for a packet that came with CE, else 0.
  @inline(__always)
  static func congestionExperienced(_ index: Int, of burst: borrowing Burst) -> UInt64 {
    burst.headers(index).pointee.ecn(burst.bytes(index)) == ECN.ce ? 1 : 0
  }

  /// Marks the packet if it is chosen.
  ///
  /// - Returns: whether it must be dropped.
  @inline(__always)
  mutating func mark(
    _ index: Int, of burst: borrowing Burst, depth: UInt64, delay: UInt64 = 0
  ) -> Bool {
    let headers = burst.headers(index)
    guard priorities &>> headers.pointee.priority & 1 == 1,
      let ip = IPHeader(of: burst.mutableBytes(index), headers)
    else { return false }
    let codePoint = ip.trafficClass & 3
    guard codePoint != ECN.ce, takes(headers, burst.bytes(index)) else { return false }
    let isChosen =
      codePoint == ECN.ect1
      ? scalable.marks(at: scalableIsOfDelay ? delay : depth, &generator)
      : classic.marks(at: isOfDelay ? delay : depth, &generator)
    guard isChosen else { return false }
    if codePoint == ECN.notECT {
      selectedNotECT &+= 1
      return dropsNotECT
    }
    ip.setECN(ECN.ce)
    marked &+= 1
    return false
  }

  /// Whether packets of this kind are marked. A CNP that tells of congestion must not be lost, and
  /// marks on acknowledgements or management datagrams slow nobody down.
  @inline(__always)
  private func takes(_ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer) -> Bool {
    guard headers.pointee.layers.rawValue & Layers.bth.rawValue != 0 else { return true }
    let transport = bytes + headers.pointee[.rdma]
    let opcode = transport.load(as: UInt8.self)
    if opcode == 0x81 { return marksCNPs }
    let operation = opcode & 0x1f
    let isFeedback =
      operation == 0x11 || operation == 0x12 || transport.networkUInt32(at: 4) & 0xff_ffff <= 1
    return marksAcks || !isFeedback
  }

  var figures: [StageFigure] {
    [
      StageFigure("ce in", ceIn), StageFigure("ce marked", marked),
      StageFigure("selected not-ECT", selectedNotECT),
    ]
  }

  /// How it was understood, for a check.
  var explanation: String {
    func text(_ curve: MarkingCurve, _ isOfDelay: Bool) -> String {
      let unit = isOfDelay ? "ns" : "B"
      if curve.min == curve.max { return "all beyond \(curve.min) \(unit)" }
      let parts = (curve.probability * 100_000 + 1 << 31) >> 32
      let fraction = parts % 1000 == 0 ? "" : ".\(String(parts % 1000 + 1000).dropFirst())"
      return
        "none up to \(curve.min) \(unit), \(parts / 1000)\(fraction) % at \(curve.max) \(unit),"
        + " all beyond"
    }
    let both = text(classic, isOfDelay)
    let special = scalable == classic ? "" : "; of ECT(1) \(text(scalable, scalableIsOfDelay))"
    return "marks \(both)\(special)"
  }
}
