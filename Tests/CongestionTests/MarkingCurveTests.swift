// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Marking curves") struct MarkingCurveTests {
  static let curves: [MarkingCurve] =
    MarkingProfile.allCases.flatMap { profile in
      [10, 40, 100, 400].map { profile.curve(rate: $0 * 1_000_000_000) }
    } + [
      MarkingCurve(min: 500_000, max: 2_000_000, probability: MarkingCurve.probability(0.05)),
      MarkingCurve(min: 0, max: 1, probability: MarkingCurve.probability(0.5)),
      MarkingCurve(min: 800_000, max: 1_200_000),
      MarkingCurve(step: 1_000_000),
      MarkingCurve(min: 1, max: UInt64.max / 2, probability: MarkingCurve.probability(1)),
    ]

  /// The formula of DCQCN's congestion point, with numbers that are not whole.
  func expected(_ curve: MarkingCurve, at depth: UInt64) -> Double {
    if depth <= curve.min { return 0 }
    if depth > curve.max { return 1 }
    let atMost = Double(curve.probability) / 4_294_967_296
    return atMost * Double(depth - curve.min) / Double(curve.max - curve.min)
  }

  @Test(arguments: curves)
  func shareOfMarksFollowsTheCurveAtEachDepth(_ curve: MarkingCurve) {
    var randomness = SeededGenerator(seed: 5)
    let span = curve.max - curve.min
    let depths =
      [0, curve.min / 2, curve.min, curve.min + 1, curve.max, curve.max + 1, curve.max * 2]
      + (1..<8).map { curve.min + span / 8 * $0 }
    for depth in depths {
      let marks = (0..<10_000).count { _ in curve.marks(at: depth, &randomness) }
      let share = Double(marks) / 10_000
      // Four standard deviations of 10,000 draws are at most 2 percentage points.
      #expect(abs(share - expected(curve, at: depth)) < 0.02, "\(depth) bytes")
    }
  }

  @Test func nothingIsDrawnBesideTheSlope() {
    let curve = MarkingCurve(min: 10, max: 20, probability: MarkingCurve.probability(0.5))
    var randomness = SeededGenerator(seed: 5)
    var untouched = randomness
    _ = curve.marks(at: 10, &randomness)
    _ = curve.marks(at: 21, &randomness)
    #expect(randomness.next() == untouched.next())
    _ = curve.marks(at: 15, &randomness)
    #expect(randomness.next() != untouched.next())
  }

  @Test func aCertainMarkIsCertain() {
    let curve = MarkingCurve(min: 10, max: 20)
    var randomness = SeededGenerator(seed: 9)
    #expect((0..<10_000).allSatisfy { _ in curve.marks(at: 20, &randomness) })
  }

  @Test(arguments: [
    (MarkingProfile.dcqcnPaper, 40, 5_000, 200_000, 0.01),
    (.dcqcnPaper, 100, 12_500, 500_000, 0.01),
    (.hpcc, 25, 100_000, 400_000, 0.2), (.hpcc, 100, 400_000, 1_600_000, 0.2),
    (.hpcc, 400, 1_600_000, 6_400_000, 0.2),
    (.sonicAzure, 10, 1_048_576, 2_097_152, 0.05), (.sonicAzure, 400, 1_048_576, 2_097_152, 0.05),
    (.dctcp, 10, 97_500, 97_500, 1), (.dctcp, 100, 975_000, 975_000, 1),
  ])
  func profilesAreThePublishedOnes(
    _ profile: MarkingProfile, gigabits: UInt64, min: UInt64, max: UInt64, share: Double
  ) {
    let curve = profile.curve(rate: gigabits * 1_000_000_000)
    #expect((curve.min, curve.max) == (min, max))
    #expect(curve.probability == UInt64((share * 4_294_967_296).rounded()))
  }
}

@Suite("The average of a depth") struct AverageDepthTests {
  @Test(arguments: [1, 4, 9, 16])
  func itMovesByTheWeightOfTheWay(shift: Int) {
    var average = AverageDepth(shift: shift)
    var exact = 0.0
    var randomness = SeededGenerator(seed: 3)
    let weight = 1 / Double(1 << shift)
    for _ in 0..<10_000 {
      let depth = UInt64.random(in: 0...2_000_000, using: &randomness)
      average.add(depth)
      exact += weight * (Double(depth) - exact)
    }
    #expect(abs(Double(average.value) - exact) <= 2)
  }

  @Test(arguments: [4, 9])
  func anEmptyQueueDecaysItByPacketTimes(shift: Int) {
    let weight = 1 / Double(1 << shift)
    for packets: UInt64 in [1, 2, 7, 100, 5000] {
      var average = AverageDepth(shift: shift)
      for _ in 0..<20_000 { average.add(1_000_000) }
      var exact = 1_000_000.0
      for _ in 0..<packets { exact *= 1 - weight }
      average.rest(packets * 1024 + 1023)
      #expect(abs(Double(average.value) - exact) <= 3, "\(packets) packets")
    }
  }

  @Test func aLongRestForgetsAll() {
    var average = AverageDepth(shift: 9)
    for _ in 0..<100 { average.add(1_000_000_000) }
    average.rest(.max)
    #expect(average.value == 0)
  }

  @Test func withoutWeightItIsTheDepth() {
    var average = AverageDepth(shift: 0)
    for depth: UInt64 in [5, 0, 1_000_000, 3] {
      average.add(depth)
      #expect(average.value == depth)
    }
  }
}
