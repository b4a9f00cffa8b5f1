// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

@testable import Tables
@testable import Telemetry

@Suite("Traffic over time")
struct SeriesTests {
  /// Packets of one queue pair that go into a recorder one by one.
  private final class Traffic {
    let entry = UnsafeMutablePointer<FlowEntry>.allocate(capacity: 1)
    let headers = UnsafeMutablePointer<Headers>.allocate(capacity: 1)
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
    let packet = UnsafeMutablePointer<ObservedPacket>.allocate(capacity: 1)

    init(source: UInt64 = 1) {
      var key = FlowKey()
      key.words[0] = source
      entry.initialize(to: FlowEntry(key: key, nanoseconds: 0))
      headers.initialize(to: Headers())
      bytes.initialize(repeating: 0, count: 64)
    }

    deinit {
      entry.deallocate()
      headers.deallocate()
      bytes.deallocate()
      packet.deallocate()
    }

    func send(
      to series: SeriesMemory, at time: UInt64, sequence: UInt8 = 0, number: Int = 0,
      _ outcome: PacketOutcome = .inOrder
    ) {
      packet.initialize(
        to: ObservedPacket(
          headers: headers, bytes: bytes, entry: entry, nanoseconds: time, number: UInt32(number),
          length: 100, owner: entry.pointee.owner, facts: PacketFacts(), icrc: .unchecked,
          outcome: outcome))
      packet.pointee.facts.word = UInt32(sequence)
      series.recorder.pointee.add(packet, 1)
    }
  }

  @Test func packetsAreCountedInTheirIntervals() {
    let (series, traffic) = (SeriesMemory(queuePairs: 1, capacity: 1), Traffic())
    for time: UInt64 in [1_000_000_000, 1_000_099_999, 1_000_100_000, 1_000_350_000] {
      traffic.send(to: series, at: time)
    }
    let snapshot = series.snapshot
    #expect(snapshot.start == 1_000_000_000)
    #expect(snapshot.interval == 100_000)
    #expect(snapshot.points.map(\.packets) == [2, 1, 0, 1])
    #expect(snapshot.queuePairs.first?.bytes == [200, 100, 0, 100])
  }

  @Test(arguments: [1_000_000, 3_600_000_000_000, 86_400_000_000_000] as [UInt64])
  func anySpanFitsAndNothingIsLost(span: UInt64) {
    let (series, traffic) = (SeriesMemory(queuePairs: 1, capacity: 1), Traffic())
    for place in 0..<5000 as Range<UInt64> {
      traffic.send(to: series, at: 1 + span / 5000 * place)
    }
    let snapshot = series.snapshot
    #expect(snapshot.points.count <= 1024)
    #expect(snapshot.points.reduce(0) { $0 + $1.packets } == 5000)
    #expect(snapshot.queuePairs[0].bytes.reduce(0, +) == 500_000)
    #expect(snapshot.interval * UInt64(snapshot.points.count) >= span / 5000 * 4999)
  }

  @Test func aPacketFromBeforeTheFirstIsPutThere() {
    let (series, traffic) = (SeriesMemory(queuePairs: 1, capacity: 1), Traffic())
    for time: UInt64 in [5_000_000, 1_000_000, 5_100_000] { traffic.send(to: series, at: time) }
    #expect(series.snapshot.points.map(\.packets) == [2, 1])
  }

  @Test func whatIsWrongIsCountedByItsKind() {
    let (series, traffic) = (SeriesMemory(queuePairs: 1, capacity: 1), Traffic())
    traffic.send(to: series, at: 1, sequence: 1)
    traffic.send(to: series, at: 2, sequence: 5, .behindGap(of: 3))
    traffic.send(to: series, at: 3, sequence: 2, .sentAgain)
    traffic.send(to: series, at: 4, sequence: 3, .late)
    traffic.send(to: series, at: 5, sequence: 9, .answer)
    let snapshot = series.snapshot
    #expect(snapshot.points[0].missing == 3)
    #expect(snapshot.points[0].sentAgain == 1)
    #expect(snapshot.queuePairs[0].sequence.map(\.sequence) == [1, 5, 2, 3])
    #expect(
      snapshot.queuePairs[0].sequence.map(\.kind) == [.inOrder, .behindGap, .sentAgain, .late])
  }

  @Test func troubleIsKeptHoweverMuchIsInOrder() {
    let (series, traffic) = (SeriesMemory(queuePairs: 1, capacity: 1), Traffic())
    for time in 0..<100_000 as Range<UInt64> {
      traffic.send(to: series, at: time + 1, time == 31_415 ? .sentAgain : .inOrder)
    }
    let points = series.snapshot.queuePairs[0].sequence
    #expect(points.count(where: { $0.kind == .sentAgain }) == 1)
    #expect((300...769).contains(points.count))
    #expect(points == points.sorted { $0.time < $1.time })
  }

  @Test func onlyTheFirstQueuePairsHaveSeries() {
    let series = SeriesMemory(queuePairs: 2, capacity: 3)
    for number in 0..<3 {
      Traffic(source: UInt64(number)).send(to: series, at: 10, number: number)
    }
    #expect(series.snapshot.points[0].packets == 3)
    #expect(series.snapshot.queuePairs.count == 2)
  }

  @Test func anotherQueuePairInAPlaceHasASeriesOfItsOwn() {
    let (series, one, other) = (SeriesMemory(queuePairs: 2, capacity: 1), Traffic(), Traffic())
    one.send(to: series, at: 10)
    other.entry.pointee.setOwner(7)
    other.send(to: series, at: 20)
    #expect(series.snapshot.queuePairs.map(\.bytes) == [[100], [100]])
  }
}
