// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct CaptureTriggerTests {
    private let folder = Folder()
    private let wire = RoCEPackets()

    /// Ten requests, the NAK that ends the connection, ten more; a burst each.
    private func run(
      _ kinds: String, before: Int = 1000, after: Int = 1000, cut: String = "256B"
    ) throws -> [FilePacket] {
      let path = folder.place("a.pcapng")
      let capture = try stage(
        "capture",
        [
          "file": path, "trigger": kinds, "before": "\(before)", "after": "\(after)", "cut": cut,
        ])
      let stand = try Stand(
        stage("parse"), stage("track-qps"), stage("roce-telemetry"), capture,
        stage("send", ["port": "out"]))
      for sequence: UInt32 in 1...10 { try stand.run([wire.send(to: 21, sequence)]) }
      try stand.run([wire.back.transport(0x11, 11, 10, [0x62, 0, 0, 1])])
      for sequence: UInt32 in 11...20 { try stand.run([wire.send(to: 21, sequence)]) }
      stand.set.finish()
      stand.checkBalance()
      return try readCapture(path)
    }

    @Test func packetsBeforeAndAfterTheEventAreWritten() throws {
      let packets = try run("[queue-pair-error]", before: 3, after: 2)
      #expect(packets.map { $0.bytes[53] } == [9, 10, 10, 11, 12])
      #expect(packets[2].bytes[42] == 0x11)
    }

    @Test func anyEventIsOne() throws {
      #expect(try run("[any]", before: 1, after: 0).count == 1)
    }

    @Test func anotherEventIsNone() throws {
      #expect(try run("[incast, corruption]").isEmpty)
    }

    @Test func onlyTheBeginningOfAPacketIsKept() throws {
      let packets = try run("[any]", before: 2, after: 0, cut: "50B")
      #expect(packets.map(\.bytes.count) == [50, 50])
    }
  }
}
