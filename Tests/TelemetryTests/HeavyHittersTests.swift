// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

/// Each bound is held against a count of every key.
@Suite struct HeavyHittersTests {
  static let capacity = 64

  /// Keys that are values of a shape, each with a weight that a packet may have.
  private func stream(_ shape: Shape, _ count: Int, seed: UInt64) -> [(key: UInt64, weight: UInt64)]
  {
    var generator = SeededGenerator(seed: seed)
    return shape.values(count, seed: seed).map { ($0, .random(in: 64...9000, using: &generator)) }
  }

  /// New keys without end between which one comes again and again, so that each new one takes the
  /// place of the one before.
  private var hostileStream: [(key: UInt64, weight: UInt64)] {
    (UInt64(0)..<20_000).map { number in
      number % 40 == 0 ? (key: 7, weight: 1) : (key: number << 32, weight: 1 + number % 3)
    }
  }

  private func snapshot(
    _ stream: [(key: UInt64, weight: UInt64)], capacity: Int = capacity
  ) -> HeavyHittersSnapshot<UInt64> {
    let hitters = HeavyHitters<UInt64>(capacity: capacity, seed: 1)
    for (key, weight) in stream { hitters.add(key, weight: weight) }
    return hitters.snapshot
  }

  private func check(
    _ snapshot: HeavyHittersSnapshot<UInt64>, _ stream: [(key: UInt64, weight: UInt64)]
  ) {
    let exact = Dictionary(stream.map { ($0.key, $0.weight) }, uniquingKeysWith: +)
    let bound = snapshot.total / UInt64(snapshot.capacity)
    #expect(snapshot.total == exact.values.reduce(0, +))
    #expect(snapshot.absent <= bound)
    #expect(snapshot.entries.count == min(exact.count, snapshot.capacity))
    for entry in snapshot.entries {
      let weight = exact[entry.key] ?? 0
      #expect(entry.weight >= weight && entry.weight - entry.error <= weight)
      #expect(entry.error <= bound)
    }
    let present = Set(snapshot.entries.map(\.key))
    #expect(exact.allSatisfy { present.contains($0.key) || $0.value <= snapshot.absent })
    let weights = snapshot.entries.map(\.weight)
    #expect(weights == weights.sorted(by: >))
  }

  @Test(arguments: Shape.allCases, [1, 2, 64, 1000])
  func boundsHoldOfEveryShape(_ shape: Shape, capacity: Int) {
    let stream = stream(shape, 20_000, seed: 1)
    check(snapshot(stream, capacity: capacity), stream)
  }

  @Test func boundsHoldWhereKeysPushOneAnotherOut() {
    check(snapshot(hostileStream), hostileStream)
  }

  @Test(arguments: Shape.allCases) func boundsHoldOfWhatIsMerged(_ shape: Shape) {
    let streams = (1...4).map { stream(shape, $0 * 3000, seed: UInt64($0)) } + [hostileStream]
    var merged = snapshot(streams[0])
    for stream in streams.dropFirst() { merged.merge(with: snapshot(stream)) }
    check(merged, streams.flatMap { $0 })
  }

  @Test func boundsHoldOfDifferentCapacities() {
    let streams = [stream(.zipf, 9000, seed: 5), stream(.uniform, 4000, seed: 6)]
    for capacities in [(8, 100), (100, 8)] {
      var merged = snapshot(streams[0], capacity: capacities.0)
      merged.merge(with: snapshot(streams[1], capacity: capacities.1))
      #expect(merged.capacity == 8)
      check(merged, streams[0] + streams[1])
    }
  }

  @Test func whatHasRoomIsExactAndMergesExactly() {
    var merged = snapshot([(1, 10), (2, 20), (1, 5)])
    merged.merge(with: snapshot([(2, 1), (3, 100)]))

    #expect(merged.entries.map(\.key) == [3, 2, 1])
    #expect(merged.entries.map(\.weight) == [100, 21, 15])
    #expect(merged.entries.allSatisfy { $0.error == 0 })
    #expect(merged.absent == 0)
  }

  @Test func whatOneHasForgottenMayHaveHadTheMostThatIsAbsent() {
    let one = snapshot([(1, 100), (2, 50)], capacity: 2)
    // Key 1 had 5 until others pushed it out, of which the lightest has 70.
    let other = snapshot([(1, 5), (3, 70), (4, 70)], capacity: 2)
    for (first, second) in [(one, other), (other, one)] {
      var merged = first
      merged.merge(with: second)
      #expect(merged.entries.first?.key == 1)
      #expect(merged.entries.first?.weight == 170)
      #expect(merged.entries.first?.error == 70)
    }
  }

  @Test func whatMergingDropsIsNotAboveWhatIsAbsent() {
    var merged = snapshot([(1, 10)], capacity: 2)
    merged.merge(with: snapshot([(2, 30)], capacity: 2))
    #expect(merged.absent == 0)

    merged.merge(with: snapshot([(3, 5)], capacity: 2))
    #expect(merged.entries.map(\.key) == [2, 1])
    #expect(merged.absent == 5)
  }

  @Test func aNewKeyInheritsTheLightestWeightAsItsError() {
    let snapshot = snapshot([(1, 10), (2, 4), (3, 1)], capacity: 2)
    #expect(snapshot.entries.map(\.key) == [1, 3])
    #expect(snapshot.entries.map(\.weight) == [10, 5])
    #expect(snapshot.entries.map(\.error) == [0, 4])
  }

  @Test func topIsAtMostWhatThereIs() {
    let snapshot = snapshot([(1, 10), (2, 20)])
    #expect(snapshot.top(1).map(\.key) == [2])
    #expect(snapshot.top(9).count == 2)
    #expect(snapshot.top(-1).isEmpty)
  }

  @Test func weightlessKeysAreNotPresent() {
    #expect(snapshot([(1, 0), (2, 0)]).entries.isEmpty)
  }

  @Test func weightsStayAtTheEndOf64Bits() {
    let snapshot = snapshot([(1, .max), (1, 9), (2, .max), (3, 1)], capacity: 2)
    #expect(snapshot.entries.map(\.weight) == [.max, .max])
    #expect(snapshot.total == .max)
  }

  @Test func equalKeysOfSeveralWordsMeet() {
    struct Pair: Hashable, BitwiseCopyable {
      var source: InlineKey
      var port: UInt32
      var more: UInt32
    }
    struct InlineKey: Hashable, BitwiseCopyable {
      var high: UInt64
      var low: UInt64
    }
    let hitters = HeavyHitters<Pair>(capacity: 8, seed: 3)
    for number in UInt64(0)..<40 {
      let key = Pair(source: .init(high: 1, low: number % 4), port: 5, more: 6)
      hitters.add(key, weight: 1)
    }
    #expect(hitters.snapshot.entries.map(\.weight) == [10, 10, 10, 10])
  }

  @Test func takesTheMemoryThatItSays() {
    // An entry of 32 bytes, a place of 16 in the order, and four to eight of 8 to find it.
    let hitters = HeavyHitters<UInt64>(capacity: 1024, seed: 1)
    #expect(hitters.byteCount == 1024 * 32 + 1025 * 16 + 4096 * 8 + 24)
  }

  @Test func allocatesNothingToAdd() {
    let hitters = HeavyHitters<UInt64>(capacity: 16, seed: 1)
    let keys = Shape.zipf.values(1000, seed: 4)
    #expect(allocations(for: keys) { hitters.add($0, weight: 1) } == 0)
  }
}
