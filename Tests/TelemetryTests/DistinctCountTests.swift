// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@Suite struct DistinctCountTests {
  private func snapshot(
    _ hashes: some Sequence<UInt64>, precision: Int = 12
  ) -> DistinctCountSnapshot {
    let count = DistinctCount(precision: precision)
    for hash in hashes { count.add(hash: hash) }
    return count.snapshot
  }

  private func hashes(_ count: Int, seed: UInt64) -> [UInt64] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.next() }
  }

  /// Of 40 estimates; the error of that error is about a ninth of it.
  @Test(arguments: [4, 8, 10], [20, 300, 700, 2500, 5000])
  func theErrorIsTheStatedOne(precision: Int, count: Int) {
    var squares = 0.0
    for seed in UInt64(1)...40 {
      let estimate = snapshot(hashes(count, seed: seed << 32), precision: precision).estimate
      let error = estimate / Double(count) - 1
      squares += error * error
    }
    let stated = snapshot([], precision: precision).standardError
    #expect((squares / 40).squareRoot() < 1.35 * stated)
  }

  @Test(arguments: [10, 100, 1000, 3000, 10_000, 12_000, 20_000, 100_000])
  func oneEstimateIsWithinThreeStandardErrors(_ count: Int) {
    let snapshot = snapshot(hashes(count, seed: UInt64(count)))
    #expect(abs(snapshot.estimate / Double(count) - 1) < 3 * snapshot.standardError)
  }

  /// Linear counting is off by less than a thing of so few.
  @Test func fewAreCountedAlmostExactly() {
    for count in 1...50 {
      let estimate = snapshot(hashes(count, seed: UInt64(count))).estimate
      #expect(abs(estimate - Double(count)) < 1.5)
    }
  }

  @Test func nothingIsNone() { #expect(snapshot([]).estimate == 0) }

  @Test func whatComesAgainDoesNotCount() {
    let hashes = hashes(500, seed: 1)
    #expect(snapshot(hashes + hashes + hashes) == snapshot(hashes))
  }

  @Test func statesTheStandardError() {
    #expect(snapshot([], precision: 12).standardError == 0.01625)
    #expect(snapshot([], precision: 16).standardError == 1.04 / 256)
  }

  @Test func mergedIsAsIfOneHadSeenAll() {
    let parts = [hashes(4000, seed: 1), hashes(300, seed: 2), [], hashes(4500, seed: 1)]
    var merged = snapshot([])
    for part in parts { merged.merge(with: snapshot(part)) }
    #expect(merged == snapshot(parts.flatMap { $0 }))
  }

  @Test(arguments: [4, 16]) func extremeHashesCountOneEach(precision: Int) {
    let estimate = snapshot([0, .max], precision: precision).estimate
    // The hash of zeros has the longest run there can be.
    #expect(estimate > 1.9 && estimate < 2.6)
  }

  @Test func aRunMayTakeUpEveryRegister() {
    let hashes = (UInt64(0)..<16).map { $0 << 60 }
    #expect(snapshot(hashes, precision: 4).estimate == 0x1p64)
  }

  @Test func takesTheMemoryThatItSays() {
    #expect(DistinctCount().byteCount == 4096)
    #expect(DistinctCount(precision: 16).byteCount == 65_536)
    #expect(DistinctCount(precision: 99).byteCount == 65_536)
  }

  @Test func allocatesNothingToAdd() {
    let count = DistinctCount()
    #expect(allocations(for: hashes(1000, seed: 1)) { count.add(hash: $0) } == 0)
  }
}
