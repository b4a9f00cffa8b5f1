// SPDX-License-Identifier: BSD-3-Clause

/// How likely something is, as what a random number of 64 bits decides.
@frozen
public struct Chance: BitwiseCopyable, Sendable {
  /// Of 2^53, so that 0 and 1 are exact.
  @usableFromInline let limit: UInt64

  /// - Parameter share: from 0, never, to 1, always.
  public init(_ share: Double) {
    limit = UInt64((min(max(share, 0), 1) * 0x1p53).rounded())
  }

  public var isNever: Bool { limit == 0 }

  @inlinable @inline(__always)
  public func happens(_ random: UInt64) -> Bool { random &>> 11 < limit }
}

/// Losses in bursts: a channel that is good or bad, and loses packets by its state (E. N. Gilbert
/// 1960; E. O. Elliott 1963).
///
/// As netem does, a packet is lost by the state that it finds, which it may change for the next.
public struct BurstLoss: BitwiseCopyable, Sendable {
  private let becomesBad: Chance
  private let becomesGood: Chance
  private let passesBad: Chance
  private let passesGood: Chance
  public private(set) var isBad = false
  /// How often the channel became bad.
  public private(set) var bursts: UInt64 = 0

  /// - Parameters:
  ///   - p: the chance that a good channel becomes bad with a packet.
  ///   - r: the chance that a bad one becomes good.
  ///   - h: the chance that a packet passes a bad channel.
  ///   - k: the chance that one passes a good channel.
  public init(p: Double, r: Double, h: Double = 0, k: Double = 1) {
    becomesBad = Chance(p)
    becomesGood = Chance(r)
    passesBad = Chance(h)
    passesGood = Chance(k)
  }

  /// Whether the next packet is lost, by two random numbers.
  public mutating func loses(_ change: UInt64, _ loss: UInt64) -> Bool {
    let isLost = !(isBad ? passesBad : passesGood).happens(loss)
    if (isBad ? becomesGood : becomesBad).happens(change) {
      isBad.toggle()
      if isBad { bursts &+= 1 }
    }
    return isLost
  }
}
