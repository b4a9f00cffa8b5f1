// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@Suite struct LogLinearHistogramTests {
  static let shares = [0, 0.000_1, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999_9, 1]

  @Test(arguments: Shape.allCases, 3...7)
  func quantilesAreWithinTheStatedError(_ shape: Shape, precision: Int) {
    let values = shape.values(20_000, seed: 1)
    let histogram = LogLinearHistogram(precision: precision, bits: 40)
    for value in values { histogram.record(value) }

    let snapshot = histogram.snapshot
    let sorted = values.sorted()
    for share in Self.shares {
      let exact = Double(sorted[max(Int((Double(sorted.count) * share).rounded(.up)), 1) - 1])
      let error = abs(Double(snapshot.quantile(share)) - exact)
      #expect(error <= snapshot.relativeError * exact, "\(share) of the values are up to \(exact)")
    }
    let stated = [0.0625, 0.031_25, 0.015_625, 0.007_812_5, 0.003_906_25]
    #expect(snapshot.relativeError == stated[precision - 3])
  }

  @Test(arguments: Shape.allCases) func countSumAndExtremesAreExact(_ shape: Shape) {
    let values = shape.values(10_000, seed: 2)
    let snapshot = snapshot(values)

    #expect(snapshot.count == 10_000)
    #expect(snapshot.sum == values.reduce(0, +))
    #expect(snapshot.minimum == values.min())
    #expect(snapshot.maximum == values.max())
    #expect(snapshot.mean == Double(values.reduce(0, +)) / 10_000)
  }

  @Test(arguments: Shape.allCases) func everyValueIsInABucketThatIsForIt(_ shape: Shape) {
    for value in shape.values(1000, seed: 3) {
      let bucket = snapshot([value]).buckets[0]
      #expect((bucket.lowest...bucket.highest).contains(value))
      #expect(Double(bucket.highest - bucket.lowest) <= Double(value) / 32)
    }
  }

  @Test func bucketsFollowOneAnotherWithoutGaps() {
    let histogram = LogLinearHistogram(precision: 3, bits: 12)
    for value in UInt64(0)...4096 { histogram.record(value) }

    let buckets = histogram.snapshot.buckets
    #expect(buckets.first?.lowest == 0)
    #expect(buckets.last?.lowest == 4096)
    for (bucket, next) in zip(buckets, buckets.dropFirst()) {
      #expect(next.lowest == bucket.highest + 1)
      #expect(bucket.count == bucket.highest - bucket.lowest + 1)
    }
  }

  @Test func whatIsBeyondTheRangeIsInTheLastBucket() {
    let snapshot = snapshot([1 << 40 - 1, 1 << 40, 1 << 50, .max])

    #expect(snapshot.buckets.last == .init(lowest: 1 << 40, highest: .max, count: 3))
    #expect(snapshot.buckets.count == 2)
    #expect(snapshot.maximum == .max)
  }

  @Test func ofAllBitsNothingIsBeyond() {
    let histogram = LogLinearHistogram(precision: 7, bits: 64)
    for value in [0, .max, UInt64.max - 1, 1 << 63] { histogram.record(value) }

    let half: UInt64 = 1 << 63
    let width: UInt64 = 1 << 56
    let first = HistogramSnapshot.Bucket(lowest: 0, highest: 0, count: 1)
    let middle = HistogramSnapshot.Bucket(lowest: half, highest: half + width - 1, count: 1)
    let last = HistogramSnapshot.Bucket(lowest: .max - width + 1, highest: .max, count: 2)
    #expect(histogram.snapshot.buckets == [first, middle, last])
  }

  @Test func theSumStaysAtTheEndOf64Bits() {
    #expect(snapshot([.max, 5]).sum == .max)
  }

  @Test func withoutValuesAllIsZero() {
    let snapshot = snapshot([])
    #expect(snapshot == HistogramSnapshot(relativeError: 1 / 64))
    #expect(snapshot.quantile(0.5) == 0 && snapshot.mean == 0)
  }

  @Test func atLeastTheShareIsUpToTheQuantile() {
    let snapshot = snapshot([1, 2, 3])
    #expect([0.33, 0.34, 0.5, 0.67].map(snapshot.quantile) == [1, 2, 2, 3])
  }

  @Test func sharesThatAreNoneAskForTheExtremes() {
    let snapshot = snapshot([3, 5, 900])
    #expect([-1, .nan, 2, .infinity].map(snapshot.quantile) == [3, 3, 900, 900])
  }

  @Test(arguments: Shape.allCases) func mergedIsAsIfOneHadSeenAll(_ shape: Shape) {
    let parts = [0, 1, 700, 9000].map { shape.values($0, seed: UInt64($0)) }
    var merged = snapshot([])
    for part in parts { merged.merge(with: snapshot(part)) }

    #expect(merged == snapshot(parts.flatMap { $0 }))
  }

  @Test func mergingWithNothingChangesNothing() {
    var some = snapshot([7, 9])
    some.merge(with: snapshot([]))
    #expect(some == snapshot([7, 9]))
  }

  @Test func takesTheMemoryThatItSays() {
    let buckets = (40 - 5 + 1) * 32 + 1
    #expect(LogLinearHistogram(precision: 5, bits: 40).byteCount == buckets * 8 + 24)
  }

  @Test func allocatesNothingToRecord() {
    let histogram = LogLinearHistogram()
    let values = Shape.uniform.values(1000, seed: 4)
    #expect(allocations(for: values) { histogram.record($0) } == 0)
  }

  private func snapshot(_ values: [UInt64]) -> HistogramSnapshot {
    let histogram = LogLinearHistogram(precision: 5, bits: 40)
    for value in values { histogram.record(value) }
    return histogram.snapshot
  }
}
