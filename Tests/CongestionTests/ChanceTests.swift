// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Chances") struct ChanceTests {
  /// All 64 bits alike, unlike what is made for small numbers.
  private struct Randoms {
    private var traffic = Traffic(seed: 99, start: 0, largest: 1, bytesPerSecond: 1)

    mutating func next() -> UInt64 {
      // Xorshift, multiplied: its lowest bits alone are weak.
      traffic.random(below: .max) &* 0x2545_F491_4F6C_DD1D
    }
  }

  @Test(arguments: [0, 0.0001, 0.01, 0.3, 0.5, 0.999, 1])
  func somethingHappensAsOftenAsItsShareSays(share: Double) {
    let chance = Chance(share)
    var randoms = Randoms()
    let count = 200_000
    let hits = (0..<count).count { _ in chance.happens(randoms.next()) }
    let expected = Double(count) * share
    // Five standard deviations of a binomial; a share of 0 or 1 leaves nothing to chance.
    let bound = 5 * (expected * (1 - share)).squareRoot()
    #expect(abs(Double(hits) - expected) <= bound)
  }

  @Test func whatNeverHappensNeverDoes() {
    #expect(!Chance(0).happens(0))
    #expect(Chance(1).happens(.max))
    #expect(Chance(0).isNever)
    #expect(!Chance(1e-9).isNever)
  }

  struct Channel {
    let p: Double
    let r: Double
    let h: Double
    let k: Double
  }

  /// The share of losses is that of Markov's chain, and bursts last 1/r packets.
  @Test(arguments: [
    Channel(p: 0.01, r: 0.2, h: 0, k: 1), Channel(p: 0.005, r: 0.1, h: 0, k: 1),
    Channel(p: 0.05, r: 0.5, h: 0.25, k: 1), Channel(p: 0.02, r: 0.1, h: 0.5, k: 0.99),
  ])
  func aChannelLosesAsTheTheorySays(channel: Channel) {
    var loss = BurstLoss(p: channel.p, r: channel.r, h: channel.h, k: channel.k)
    var randoms = Randoms()
    let count = 400_000
    var lost = 0
    var bad = 0
    for _ in 0..<count {
      bad += loss.isBad ? 1 : 0
      lost += loss.loses(randoms.next(), randoms.next()) ? 1 : 0
    }
    let badShare = channel.p / (channel.p + channel.r)
    let lossShare = badShare * (1 - channel.h) + (1 - badShare) * (1 - channel.k)
    // Three standard deviations or more, by the number of bursts.
    #expect(abs(Double(lost) / Double(count) / lossShare - 1) < 0.1)
    #expect(abs(Double(bad) / Double(loss.bursts) * channel.r - 1) < 0.1)
  }

  @Test func theFirstPacketFindsAGoodChannel() {
    var loss = BurstLoss(p: 1, r: 0)
    let first = loss.loses(0, 0)
    let second = loss.loses(0, 0)
    #expect((first, second) == (false, true))
  }
}
