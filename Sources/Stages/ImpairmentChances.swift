// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline

/// What chance has in store for one packet.
struct PacketFate: BitwiseCopyable {
  var isLost = false
  var isLostInBurst = false
  var isCorrupted = false
  /// Which of its bits, as a share of 2^64.
  var place: UInt64 = 0
  var isMarked = false
  var isDoubled = false
  var isOvertaken = false
  /// From 0 to twice the jitter, in nanoseconds, all equally likely.
  var jitter: UInt64 = 0
}

/// The random numbers of `impair`. Each impairment has a sequence of its own and takes as many of
/// it for every packet, so that what it does follows neither from others nor from bursts.
struct ImpairmentChances: BitwiseCopyable {
  private var loss: SplitMix64
  private var burstLoss: SplitMix64
  private var corrupt: SplitMix64
  private var mark: SplitMix64
  private var double: SplitMix64
  private var reorder: SplitMix64
  private var jitter: SplitMix64
  private var channel: BurstLoss

  init(_ impairments: Impairments, seed: UInt64) {
    var seeds = SplitMix64(seed: seed)
    loss = SplitMix64(seed: seeds.next())
    burstLoss = SplitMix64(seed: seeds.next())
    corrupt = SplitMix64(seed: seeds.next())
    mark = SplitMix64(seed: seeds.next())
    double = SplitMix64(seed: seeds.next())
    reorder = SplitMix64(seed: seeds.next())
    jitter = SplitMix64(seed: seeds.next())
    channel = impairments.burstLoss
  }

  @inline(__always)
  mutating func next(_ impairments: Impairments) -> PacketFate {
    var fate = PacketFate()
    if !impairments.loss.isNever { fate.isLost = impairments.loss.happens(loss.next()) }
    if impairments.hasBurstLoss {
      fate.isLostInBurst = channel.loses(burstLoss.next(), burstLoss.next())
    }
    if !impairments.corrupt.isNever {
      fate.isCorrupted = impairments.corrupt.happens(corrupt.next())
      fate.place = corrupt.next()
    }
    if !impairments.ce.isNever { fate.isMarked = impairments.ce.happens(mark.next()) }
    if !impairments.duplicate.isNever {
      fate.isDoubled = impairments.duplicate.happens(double.next())
    }
    if !impairments.reorder.isNever {
      fate.isOvertaken = impairments.reorder.happens(reorder.next())
    }
    if impairments.jitter > 0 {
      let width = impairments.jitter &* 2 &+ 1
      fate.jitter = jitter.next().multipliedFullWidth(by: width).high
    }
    return fate
  }
}

/// How many packets met which impairment.
struct ImpairmentCounts: BitwiseCopyable {
  var bySequenceNumber: UInt64 = 0
  var byPlace: UInt64 = 0
  var lost: UInt64 = 0
  var lostInBursts: UInt64 = 0
  var delayed: UInt64 = 0
  var reordered: UInt64 = 0
  var full: UInt64 = 0
  var doubled: UInt64 = 0
  var notDoubled: UInt64 = 0
  var corrupted: UInt64 = 0
  var notCorrupted: UInt64 = 0
  var marked: UInt64 = 0

  /// Those of impairments that are set, and what went wrong.
  func figures(of impairments: Impairments) -> [StageFigure] {
    let all: [(isShown: Bool, name: String, count: UInt64)] = [
      (impairments.hasSequenceNumbers, "dropped by PSN", bySequenceNumber),
      (impairments.every > 0, "dropped as n-th", byPlace),
      (!impairments.loss.isNever, "lost", lost),
      (impairments.hasBurstLoss, "lost in bursts", lostInBursts),
      (impairments.delay > 0, "delayed", delayed),
      (!impairments.reorder.isNever, "reordered", reordered),
      (full > 0, "dropped: capacity", full),
      (!impairments.duplicate.isNever, "duplicated", doubled),
      (notDoubled > 0, "not duplicated: pool empty", notDoubled),
      (!impairments.corrupt.isNever, "corrupted", corrupted),
      (notCorrupted > 0, "not corrupted: nothing behind the headers", notCorrupted),
      (!impairments.ce.isNever, "marked CE", marked),
    ]
    return all.filter(\.isShown).map { StageFigure($0.name, $0.count) }
  }
}
