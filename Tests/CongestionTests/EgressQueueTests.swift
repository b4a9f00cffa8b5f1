// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Queues of a port") struct EgressQueueTests {
  /// A time as captures have them.
  private static let start: UInt64 = 1_700_000_000_123_456_789

  typealias Packet = NaiveQueue.Packet

  struct Setup: CustomStringConvertible {
    let rate: UInt64
    let discipline: EgressQueue.Discipline
    let weights: [Int]
    let hasPauses: Bool

    var description: String { "\(discipline) \(weights), \(rate) bit/s\(hasPauses ? ", PFC" : "")" }

    static let all: [Setup] = [1_000_000, 9_999_999_967, 100_000_000_000, 400_000_000_000]
      .flatMap { rate in
        [false, true].flatMap { hasPauses in
          [
            Setup(rate: rate, discipline: .firstInFirstOut, weights: [], hasPauses: hasPauses),
            Setup(rate: rate, discipline: .strict, weights: [], hasPauses: hasPauses),
            Setup(
              rate: rate, discipline: .weighted, weights: [1, 2, 3, 8, 1, 4, 0, 0],
              hasPauses: hasPauses),
            Setup(
              rate: rate, discipline: .weighted, weights: [5, 1, 1, 1, 1, 1, 1, 9],
              hasPauses: hasPauses),
          ]
        }
      }
  }

  /// Packets of random priorities and sizes, with a load about as high as the rate.
  func packets(_ count: Int, rate: UInt64, _ randomness: inout SeededGenerator) -> [Packet] {
    var traffic = Traffic(
      seed: randomness.next(), start: Self.start, largest: 9000, bytesPerSecond: rate / 6)
    return (0..<count).map { number in
      let packet = traffic.next()
      return Packet(
        number: number, time: packet.time, bytes: UInt32(packet.bytes),
        priority: Int.random(in: 0..<8, using: &randomness))
    }
  }

  func pauses(over packets: [Packet], _ randomness: inout SeededGenerator) -> [NaiveQueue.Pause] {
    let first = packets[0].time
    let span = packets[packets.count - 1].time - first
    return (0..<200).map { _ in
      let time = first + UInt64.random(in: 0...span, using: &randomness)
      let length = UInt64.random(in: 0...span / 300, using: &randomness)
      return NaiveQueue.Pause(
        time: time, priority: Int.random(in: 0..<8, using: &randomness), until: time + length)
    }.sorted { $0.time < $1.time }
  }

  /// What a queue does with the packets, taken out as it is sent.
  func departures(
    of packets: [Packet], _ pauses: [NaiveQueue.Pause] = [], from queue: inout EgressQueue
  ) -> (sent: [NaiveQueue.Departure], refused: [Int]) {
    var numbers = [Int: Int]()
    var sent: [NaiveQueue.Departure] = []
    var refused: [Int] = []
    var pauses = pauses[...]
    func take(_ queue: inout EgressQueue) {
      while let place = queue.firstSent {
        let packet = queue.packet(place)
        sent.append(
          NaiveQueue.Departure(
            number: numbers[place] ?? -1, time: packet.departure, sojourn: packet.sojourn,
            depthLeft: packet.depthLeft))
        queue.removeFirstSent()
      }
    }
    func pause(until time: UInt64, _ queue: inout EgressQueue) {
      while let pause = pauses.first, pause.time <= time {
        queue.run(until: pause.time)
        queue.pausedUntil[pause.priority] = pause.until
        pauses.removeFirst()
      }
    }
    for packet in packets {
      pause(until: packet.time, &queue)
      queue.run(until: packet.time)
      take(&queue)
      let admission = queue.offer(
        bytes: packet.bytes, priority: UInt8(packet.priority), at: packet.time)
      switch admission {
      case .taken(let place): numbers[place] = packet.number
      case .full, .unheld: refused.append(packet.number)
      }
    }
    pause(until: .max, &queue)
    while queue.nextEvent != .max {
      queue.run(until: queue.nextEvent)
      take(&queue)
    }
    return (sent, refused)
  }

  @Test(arguments: Setup.all)
  func everyDepartureIsThatOfTheModelToTheNanosecond(_ setup: Setup) {
    var randomness = SeededGenerator(seed: 21)
    let packets = packets(2000, rate: setup.rate, &randomness)
    let pauses = setup.hasPauses ? pauses(over: packets, &randomness) : []
    var model = NaiveQueue(
      rate: setup.rate, setup.discipline, capacity: 30_000, weights: setup.weights)
    model.run(packets, pauses)
    var queue = EgressQueue(
      rate: setup.rate, setup.discipline, capacity: .init(bytes: 30_000, packets: 4000),
      weights: setup.weights.map(UInt32.init))
    let (sent, refused) = departures(of: packets, pauses, from: &queue)
    #expect(sent == model.departures)
    #expect(refused == model.refused)
    #expect(queue.highWater == model.mostBytes)
    #expect((10..<1500).contains(refused.count), "\(refused.count)")
    #expect(queue.depth == 0)
    let counters = (0..<8).map { queue.counters[$0] }
    #expect(counters.reduce(0) { $0 + $1.packets } == UInt64(sent.count))
    #expect(counters.reduce(0) { $0 + $1.full } == UInt64(refused.count))
    #expect(counters.reduce(0) { $0 + $1.sojournSum } == sent.reduce(0) { $0 + $1.sojourn })
    #expect(counters.map(\.sojournMost).max() == sent.map(\.sojourn).max())
  }

  /// The queue asked only when packets come, as between bursts that come late.
  @Test func whatIsDoneLateIsDoneForTheTimeAtWhichItWasDue() {
    var randomness = SeededGenerator(seed: 4)
    let packets = packets(4000, rate: 10_000_000_000, &randomness)
    var prompt = EgressQueue(
      rate: 10_000_000_000, .strict, capacity: .init(bytes: 100_000, packets: 4000))
    let expected = departures(of: packets, from: &prompt).sent
    var late = EgressQueue(
      rate: 10_000_000_000, .strict, capacity: .init(bytes: 100_000, packets: 4000))
    var numbers = [Int: Int]()
    for packet in packets {
      let admission = late.offer(
        bytes: packet.bytes, priority: UInt8(packet.priority), at: packet.time)
      if case .taken(let place) = admission { numbers[place] = packet.number }
    }
    late.run(until: .max - 1)
    var times: [UInt64] = []
    var order: [Int?] = []
    while let place = late.firstSent {
      times.append(late.packet(place).departure)
      order.append(numbers[place])
      late.removeFirstSent()
    }
    #expect(times == expected.map(\.time))
    #expect(order == expected.map(\.number))
  }

  @Test func longRunsDoNotDrift() {
    // A packet takes 8/3 ns.
    var queue = EgressQueue(
      rate: 3_000_000_000, .firstInFirstOut, capacity: .init(bytes: .max, packets: 3001))
    let packets = (0..<3001).map { Packet(number: $0, time: 1000, bytes: 1, priority: 0) }
    let sent = departures(of: packets, from: &queue).sent
    #expect(sent.prefix(4).map(\.time) == [1003, 1006, 1008, 1011])
    #expect(sent.last?.time == 1000 + 3001 * 8 / 3 + 1)
  }

  @Test func sharesAreTheWeights() {
    var randomness = SeededGenerator(seed: 8)
    let weights: [UInt32] = [1, 2, 3, 4, 10, 1, 5, 6]
    var queue = EgressQueue(
      rate: 100_000_000_000, .weighted, capacity: .init(bytes: .max, packets: 400_000),
      weights: weights)
    for index in 0..<400_000 {
      // Small packets in some, large ones in others, and never so few that a queue runs empty.
      let largest: UInt32 = index % 2 == 0 ? 4200 : 200
      _ = queue.offer(
        bytes: UInt32.random(in: 64...largest, using: &randomness), priority: UInt8(index % 8),
        at: 0)
    }
    var bytes = [Double](repeating: 0, count: 8)
    while let least = (0..<8).map({ queue.counters[$0].depth }).min(), least > 10_000 {
      queue.run(until: queue.nextEvent)
      while let place = queue.firstSent {
        bytes[Int(queue.packet(place).priority)] += Double(queue.packet(place).bytes)
        queue.removeFirstSent()
      }
    }
    let sum = bytes.reduce(0, +)
    #expect(sum > 10_000_000)
    for (priority, weight) in weights.enumerated() {
      #expect(abs(bytes[priority] / sum * 32 / Double(weight) - 1) < 0.01, "priority \(priority)")
    }
  }

  @Test func strictPriorityIsNeverInverted() {
    var randomness = SeededGenerator(seed: 13)
    let packets = packets(1500, rate: 10_000_000_000, &randomness)
    var queue = EgressQueue(
      rate: 10_000_000_000, .strict, capacity: .init(bytes: 1_000_000, packets: 4000))
    let sent = departures(of: packets, from: &queue).sent
    #expect(sent.count > 1000)
    var begun = [Int: UInt64]()
    for departure in sent {
      begun[departure.number] = packets[departure.number].time + departure.sojourn
    }
    for departure in sent {
      let packet = packets[departure.number]
      let start = packet.time + departure.sojourn
      // Nobody of a higher priority had come before and still waits.
      let passed = packets.contains {
        $0.priority > packet.priority && $0.time < start && begun[$0.number, default: 0] > start
      }
      #expect(!passed, "packet \(departure.number)")
    }
  }

  @Test func aBurstLargerThanTheQueueLosesItsEnd() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .firstInFirstOut, capacity: .init(bytes: 10_000, packets: 100))
    let packets = (0..<30).map { Packet(number: $0, time: 500, bytes: 1000, priority: 3) }
    let (sent, refused) = departures(of: packets, from: &queue)
    // The first is on the link at once, and ten wait.
    #expect(sent.map(\.number) == Array(0..<11))
    #expect(sent.map(\.time) == (1...11).map { 500 + $0 * 1000 })
    #expect(refused == Array(11..<30))
    #expect(queue.counters[3].highWater == 10_000)
    #expect(queue.counters[3].full == 19)
  }

  @Test func aPriorityMayHaveARoomOfItsOwn() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .strict,
      capacity: .init(bytes: 10_000, bytesOfPriority: 3000, packets: 100))
    let packets = (0..<20).map { Packet(number: $0, time: 0, bytes: 1000, priority: $0 % 2) }
    let (sent, _) = departures(of: packets, from: &queue)
    #expect(sent.count == 7)
    #expect(queue.counters[0].highWater == 3000)
    #expect(queue.counters[1].highWater == 3000)
  }

  @Test func morePacketsThanItMayHoldAreTurnedAway() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .firstInFirstOut, capacity: .init(bytes: .max, packets: 4))
    let packets = (0..<6).map { Packet(number: $0, time: 0, bytes: 100, priority: 1) }
    let (sent, refused) = departures(of: packets, from: &queue)
    #expect(sent.map(\.number) == [0, 1, 2, 3])
    #expect(refused == [4, 5])
    #expect(queue.counters[1].unheld == 2)
  }

  @Test func timeThatGoesBackwardsIsTakenForTheLatest() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .firstInFirstOut, capacity: .init(bytes: .max, packets: 10))
    let packets = [(1000, 0), (200, 1), (5000, 2)].map {
      Packet(number: $1, time: $0, bytes: 100, priority: 0)
    }
    let sent = departures(of: packets, from: &queue).sent
    #expect(sent.map(\.time) == [1100, 1200, 5100])
    #expect(queue.backwardSteps == 1)
  }

  @Test func aJumpForwardFindsTheLinkFree() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .firstInFirstOut, capacity: .init(bytes: .max, packets: 10))
    let late: UInt64 = 1 << 62
    let packets = [0, late].enumerated().map {
      Packet(number: $0, time: $1, bytes: 100, priority: 0)
    }
    #expect(departures(of: packets, from: &queue).sent.map(\.time) == [100, late + 100])
  }

  @Test func aPauseEndsEarlyWhereItIsTakenBack() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .strict, capacity: .init(bytes: .max, packets: 10))
    queue.pausedUntil[3] = 100_000
    _ = queue.offer(bytes: 100, priority: 3, at: 1000)
    _ = queue.offer(bytes: 100, priority: 1, at: 1000)
    queue.run(until: 1100)
    #expect(queue.firstSent.map { queue.packet($0).priority } == 1)
    queue.removeFirstSent()
    #expect(queue.nextEvent == 100_000)
    queue.pausedUntil[3] = 2000
    #expect(queue.nextEvent == 2000)
    queue.run(until: 2500)
    #expect(queue.firstSent.map { queue.packet($0).departure } == 2100)
    #expect(queue.counters[3].sojournMost == 1000)
  }

  @Test func withoutPrioritiesAPausedPacketKeepsOthersWaiting() {
    var queue = EgressQueue(
      rate: 8_000_000_000, .firstInFirstOut, capacity: .init(bytes: .max, packets: 10))
    queue.pausedUntil[3] = 50_000
    let packets = [(3, 0), (0, 1)].map { Packet(number: $1, time: 0, bytes: 100, priority: $0) }
    #expect(departures(of: packets, from: &queue).sent.map(\.time) == [50_100, 50_200])
  }
}
