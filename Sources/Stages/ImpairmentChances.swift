// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline

/// What chance has in store for the packets of a burst.
struct PacketFates: BitwiseCopyable {
  var lost = Selection()
  var lostInBurst = Selection()
  var corrupted = Selection()
  var marked = Selection()
  var doubled = Selection()
  var overtaken = Selection()
}

/// The random numbers of `impair`. Each impairment has a sequence of its own and takes as many of
/// it for every packet, so that what it does follows neither from others nor from bursts.
struct ImpairmentChances: ~Copyable {
  /// Something that happens to a packet or does not.
  private struct Draw: BitwiseCopyable {
    let chance: Chance
    var random: SplitMix64

    /// What is never to happen costs nothing.
    @inline(__always)
    mutating func next(_ selection: Selection) -> Selection {
      guard !chance.isNever else { return Selection() }
      return draw(selection)
    }

    private mutating func draw(_ selection: Selection) -> Selection {
      var random = random
      var bits: UInt64 = 0
      for index in selection {
        bits |= (chance.happens(random.next()) ? 1 : 0) &<< UInt64(truncatingIfNeeded: index)
      }
      self.random = random
      return Selection(bits: bits)
    }
  }

  private var loss: Draw
  private var corrupt: Draw
  private var mark: Draw
  private var double: Draw
  private var reorder: Draw
  private let hasBurstLoss: Bool
  private var burstLoss: SplitMix64
  private var channel: BurstLoss
  private var place: SplitMix64
  /// How many values a jitter can have; 1 for none.
  private let jitterWidth: UInt64
  private var jitter: SplitMix64
  /// By packet: which of its bits is turned over, as a share of 2^64.
  let places: UnsafeMutablePointer<UInt64>
  /// By packet: from 0 to twice the jitter, in nanoseconds, all equally likely.
  let jitters: UnsafeMutablePointer<UInt64>

  init(_ impairments: Impairments, seed: UInt64) {
    var seeds = SplitMix64(seed: seed)
    loss = Draw(chance: impairments.loss, random: SplitMix64(seed: seeds.next()))
    burstLoss = SplitMix64(seed: seeds.next())
    corrupt = Draw(chance: impairments.corrupt, random: SplitMix64(seed: seeds.next()))
    mark = Draw(chance: impairments.ce, random: SplitMix64(seed: seeds.next()))
    double = Draw(chance: impairments.duplicate, random: SplitMix64(seed: seeds.next()))
    reorder = Draw(chance: impairments.reorder, random: SplitMix64(seed: seeds.next()))
    jitter = SplitMix64(seed: seeds.next())
    place = SplitMix64(seed: seeds.next())
    hasBurstLoss = impairments.hasBurstLoss
    channel = impairments.burstLoss
    jitterWidth = impairments.jitter &* 2 &+ 1
    places = .allocate(capacity: Burst.capacity)
    places.initialize(repeating: 0, count: Burst.capacity)
    jitters = .allocate(capacity: Burst.capacity)
    jitters.initialize(repeating: 0, count: Burst.capacity)
  }

  deinit {
    places.deallocate()
    jitters.deallocate()
  }

  @inline(__always)
  mutating func next(_ selection: Selection) -> PacketFates {
    var fates = PacketFates()
    fates.lost = loss.next(selection)
    if hasBurstLoss { fates.lostInBurst = lostInBurst(selection) }
    fates.corrupted = corrupt.next(selection)
    if !corrupt.chance.isNever { drawPlaces(selection) }
    fates.marked = mark.next(selection)
    fates.doubled = double.next(selection)
    fates.overtaken = reorder.next(selection)
    if jitterWidth > 1 { drawJitters(selection) }
    return fates
  }

  private mutating func lostInBurst(_ selection: Selection) -> Selection {
    var lost = Selection()
    for index in selection where channel.loses(burstLoss.next(), burstLoss.next()) {
      lost.insert(index)
    }
    return lost
  }

  private mutating func drawPlaces(_ selection: Selection) {
    for index in selection { places[index] = place.next() }
  }

  private mutating func drawJitters(_ selection: Selection) {
    for index in selection {
      jitters[index] = jitter.next().multipliedFullWidth(by: jitterWidth).high
    }
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
      (notDoubled > 0, "not duplicated: no room", notDoubled),
      (!impairments.corrupt.isNever, "corrupted", corrupted),
      (notCorrupted > 0, "not corrupted: nothing behind the headers", notCorrupted),
      (!impairments.ce.isNever, "marked CE", marked),
    ]
    return all.filter(\.isShown).map { StageFigure($0.name, $0.count) }
  }
}
