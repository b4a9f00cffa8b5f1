// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

/// A wheel beside a list that is searched.
@Suite("Timing wheel") struct TimingWheelTests {
  struct Naive {
    private var waiting: [(number: Int, time: UInt64)] = []

    var isEmpty: Bool { waiting.isEmpty }
    var next: UInt64 { waiting.map(\.time).min() ?? .max }

    mutating func insert(_ number: Int, at time: UInt64) { waiting.append((number, time)) }

    /// The earliest one, of these the one that came first.
    mutating func takeFirst(until limit: UInt64) -> (number: Int, time: UInt64)? {
      guard next <= limit, let place = waiting.firstIndex(where: { $0.time == next }) else {
        return nil
      }
      return waiting.remove(at: place)
    }
  }

  @Test func thingsComeInOrderOfTimeThenOfInsertion() {
    var wheel = TimingWheel(capacity: 8)
    let times: [UInt64] = [700, 5, 70_000, 700, 5, 0, 1 << 40, .max - 1]
    for (number, time) in times.enumerated() { wheel.insert(number, at: time) }
    var found: [Int] = []
    while let (number, _) = wheel.first(until: .max) {
      wheel.removeFirst()
      found.append(number)
    }
    #expect(found == [5, 1, 4, 0, 3, 2, 6, 7])
    let next = wheel.next
    #expect(next == .max)
  }

  @Test func nothingComesBeforeItsTime() {
    var wheel = TimingWheel(capacity: 1)
    wheel.insert(0, at: 1_000_000)
    let early = wheel.first(until: 999_999)
    let next = wheel.next
    #expect(early == nil)
    #expect(next == 1_000_000)
    let first = wheel.first(until: 1_000_000)
    #expect(first?.number == 0 && first?.time == 1_000_000)
  }

  @Test func whatIsLateIsDueAtOnce() {
    var wheel = TimingWheel(capacity: 2)
    let early = wheel.first(until: 5_000)
    wheel.insert(0, at: 12)
    let next = wheel.next
    let first = wheel.first(until: 5_000)
    #expect(early == nil)
    #expect(next == 5_000)
    #expect(first?.number == 0)
  }

  /// Times from nanoseconds to hours ahead, with many that are the same.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func orderIsThatOfASortedList(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var wheel = TimingWheel(capacity: 100)
    var naive = Naive()
    var free = Array(0..<100)
    var now: UInt64 = seed % 2 == 0 ? 1_700_000_000_000_000_000 : 0
    for _ in 0..<2_000 {
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        guard let number = free.popLast() else { break }
        let reaches: [UInt64] = [1, 10, 300, 5_000, 70_000, 20_000_000, 5_000_000_000, 1 << 45]
        let reach = reaches.randomElement(using: &generator) ?? 1
        let time = now + UInt64.random(in: 0...reach, using: &generator)
        wheel.insert(number, at: time)
        naive.insert(number, at: time)
      }
      // To the next one, or somewhere.
      let isFar = Bool.random(using: &generator)
      now = isFar && !naive.isEmpty ? naive.next : now + .random(in: 0...400, using: &generator)
      while let (number, time) = naive.takeFirst(until: now) {
        let found = wheel.first(until: now)
        guard found?.number == number, found?.time == time else {
          Issue.record("\(String(describing: found)), not \(number) at \(time)")
          return
        }
        wheel.removeFirst()
        free.append(number)
      }
      let (rest, next) = (wheel.first(until: now), wheel.next)
      guard rest == nil, next > now, next <= naive.next else {
        Issue.record("\(String(describing: rest)) and \(next) at \(now)")
        return
      }
    }
  }
}
