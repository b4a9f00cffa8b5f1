// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Inspection

struct ICRCSamplingTests {
  func chosen(_ sampling: ICRCSampling, of count: Int, length: Int = 100) -> Int {
    var sampler = ICRCSampler(sampling)
    return (0..<count).count { _ in sampler.chooses(length) }
  }

  @Test func allAndNoneAreWhatTheySay() {
    #expect(chosen(.all, of: 1000) == 1000)
    #expect(chosen(.never, of: 1000) == 0)
  }

  @Test(arguments: [2, 3, 64, 1000])
  func oneInManyIsChosenAsOftenAsItSays(count: Int) {
    let found = chosen(.oneIn(count), of: 100_000)
    #expect(abs(found - 100_000 / count) <= 2)
  }

  /// Messages of 64 packets, one in 64: each place in a message gets its turn.
  @Test func samplesDoNotKeepStepWithMessages() {
    var sampler = ICRCSampler(.oneIn(64))
    var places = Array(repeating: 0, count: 64)
    for number in 0..<64_000 where sampler.chooses(100) { places[number % 64] += 1 }
    #expect(places.allSatisfy { $0 > 0 })
  }

  @Test func theFirstMegabytesAreCheckedAsAWhole() {
    #expect(chosen(.automatic, of: 64_000, length: 1000) == 64_000)
    let more = chosen(.automatic, of: 128_000, length: 1000) - 64_000
    #expect(abs(more - 1000) <= 2)
  }

  @Test func whatWasNotCheckedIsSaid() {
    var sampler = ICRCSampler(.automatic)
    _ = sampler.chooses(1000)
    #expect(sampler.wording == nil)
    _ = sampler.chooses(64_000_000)
    #expect(sampler.wording == "all of the first 64 MB, then one packet in 64")
    #expect(ICRCSampler(.oneIn(9)).wording == "one packet in 9")
    #expect(ICRCSampler(.all).wording == nil)
  }

  @Test(
    arguments: [
      ("auto", .automatic), ("all", .all), ("none", .never), ("64", .oneIn(64)), ("1", .all),
      ("0", nil), ("-1", nil), ("some", nil), ("", nil),
    ] as [(String, ICRCSampling?)])
  func wordsAndNumbersAreRead(text: String, sampling: ICRCSampling?) {
    #expect(ICRCSampling(text) == sampling)
  }
}
