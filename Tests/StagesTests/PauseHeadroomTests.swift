// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

@testable import Stages

extension Running {
  @Suite struct PauseHeadroomTests {
    /// Of 1 Gb/s, 100 m, packets of 1000 bytes and 1 us, in bytes: 3 x 1042 + 84 + 125 + 125.
    private static let headroom = "headroom: {cable-meters: 100, mtu: 1000B, response: 1us}"
    private static let bytes = 3460

    private func queue(_ settings: String) throws -> StagePlan {
      try stage("queue", text: "{rate: 1Gbps, scheduler: strict, port: out, \(settings)}")
    }

    /// What a check says: explanations.
    private func check(_ settings: String) throws -> [String] {
      let ports = ["in": PortIndex(0), "out": PortIndex(1), "tap": PortIndex(2)]
      let context = StageContext(
        mode: .check, worker: 0, workers: 1, seed: 1, pool: nil, reasons: DropReasons(),
        ports: ports, pipelines: [:])
      let plan = try queue(settings)
      _ = try PipelineSet(
        [PipelinePlan(name: "main", stages: [plan, stage("send", ["port": "out"])])], context,
        outputs: ports.map { _ in RecordingOutput() }, drops: nil)
      return context.takeExplanations()
    }

    private func complaint(_ settings: String) throws -> SettingsError {
      try #require(throws: StageBuildError.self) { _ = try check(settings) }.error
    }

    /// A peer that sends all it can to a port that is paused: it stops as late as it may.
    @Test(arguments: [958, 600, 100, 11], [5000, 6042, 7777])
    func nothingIsLostWhoeverSends(payload: Int, capacity: Int) throws {
      let stand = try Stand(
        stage("parse"),
        stage("pausing", when: "not ip", in: StageRegistry([StageType(Pausing.self)])),
        stage("map-priority", ["map": "roce-dscp26"]),
        try queue(
          "capacity: \(capacity)B, pause: {ports: [in], priorities: [3], xon: 0B, \(Self.headroom)}"
        ),
        stage("send", ["port": "out"]))
      let pause = [UInt8](repeating: 2, count: 12) + big(0x88b5) + big(UInt16(60_000))
      try stand.run([pause + [UInt8](repeating: 0, count: 44)], nanoseconds: 1_000_000)
      let bytes = packet("eth / ipv4 tos 98 / udp / \(payload)B")
      let time = UInt64(bytes.count + 24) * 8
      var began: UInt64 = 1_000_000
      var stop: UInt64 = .max
      // The peer begins its last packet just before it must stop.
      while began < stop {
        let arrival = began + time + 500
        stand.release(until: arrival)
        try stand.run([bytes], nanoseconds: arrival)
        if stop == .max, let request = stand.sent("in").first {
          stop = request.nanoseconds + 8 * (1042 + 84) + 500 + 1000
        }
        began += time
      }
      #expect(stand.dropped.filter { $0 == "queue-full" }.isEmpty)
      stand.release(until: .max - 1)
      stand.checkBalance()
    }

    @Test func eachTermIsExplained() throws {
      let lines = try check(
        "capacity: 100KB, pause: {ports: [in], priorities: [3, 4], xon: 1KB, \(Self.headroom)}")
      #expect(lines.count == 8)
      #expect(lines.contains("headroom: 84 bytes: the pause frame itself"))
      #expect(lines.contains("headroom: \(Self.bytes) bytes of headroom in all"))
      #expect(
        lines.last
          == "xoff beyond \(50_000 - Self.bytes) bytes (what the headroom leaves), xon at 1000;"
          + " each port has 50000 bytes of each priority, since the capacity of 100000 bytes is"
          + " for ports x priorities: 1 x 2")
    }

    @Test func aHeadroomLargerThanTheBufferIsRefused() throws {
      let error = try complaint(
        "capacity: 3460B, pause: {ports: [in], priorities: [3], xon: 0B, "
          + "\(Self.headroom)}")
      #expect(error.setting == "headroom")
      #expect(error.message.contains("the headroom of 3460 bytes is larger than the buffer"))
      #expect(error.message.contains("the capacity of 3460 bytes"))
    }

    @Test func aThresholdThatLeavesNoHeadroomIsRefusedWithTheOneThatDoes() throws {
      let pause = "pause: {ports: [in, tap], priorities: [3], xon: 0B, \(Self.headroom), xoff: "
      let most = 10_000 - Self.bytes
      let error = try complaint("capacity: 20KB, \(pause)\(most + 1)B}")
      #expect(error.setting == "xoff")
      #expect(error.fix?.contains("make xoff \(most) bytes or less") == true)
      #expect(try check("capacity: 20KB, \(pause)\(most)B}").last?.contains("as given") == true)
    }

    @Test func aBoundOfEachPriorityIsOneOfTheBuffer() throws {
      let lines = try check(
        "capacity: 1MB, priority-capacity: 20KB, pause: {ports: [in, tap], xon: 0B,"
          + " \(Self.headroom)}")
      #expect(
        lines.last?.hasSuffix(
          "each port has 10000 bytes of each priority, since the priority-capacity of 20000 bytes"
            + " is for ports: 2") == true)
    }

    @Test(arguments: [
      "pause: {ports: [in], xon: 0B}",
      "capacity: 4KB, pause: {ports: [in], priorities: [3], xon: 541B, HEADROOM}",
      "pause: {ports: [in], xon: 0B, headroom: {mtu: 1KB}}",
    ])
    func thresholdsThatAreMissingOrUpsideDownAreRefused(settings: String) throws {
      let text = settings.split(separator: "HEADROOM", omittingEmptySubsequences: false)
        .joined(separator: Self.headroom)
      #expect(throws: (any Error).self) { try check(text) }
    }
  }
}
