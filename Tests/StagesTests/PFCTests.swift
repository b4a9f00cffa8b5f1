// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Congestion
import Pipeline
import Settings
import Testing
import Wire

@testable import Stages

extension Running {
  @Suite struct PFCTests {
    /// A pause of 1,000 quanta of a gigabit link is 512 us long.
    private func stand(
      _ settings: KeyValuePairs<String, String> = ["port": "in", "rate": "1Gbps"]
    ) throws -> Stand {
      try Stand(stage("parse"), stage("pfc", settings), stage("send", ["port": "out"]))
    }

    private func pause(_ quanta: UInt16) -> [UInt8] {
      frame { PauseFrame.writePause(quanta, from: MACAddress(value: 1), to: $0) }
    }

    private func priorityPause(_ vector: UInt8, _ quanta: UInt16) -> [UInt8] {
      frame {
        PauseFrame.writePFC(
          vector: vector, .init(repeating: quanta), from: MACAddress(value: 1), to: $0)
      }
    }

    private func frame(_ write: (UnsafeMutableRawPointer) -> Void) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: PauseFrame.length)
      bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { write(start) } }
      return bytes
    }

    @Test func pauseFramesEndHereAndOthersPass() throws {
      let stand = try stand()
      let data = packet("eth / ipv4 / udp / 40B")
      try stand.run([data, pause(9), data, priorityPause(1 << 3, 9)])
      #expect(stand.sent().map(\.bytes) == [data, data])
      #expect(stand.dropped == ["pause-frame", "pause-frame"])
      #expect(stand.figure("PAUSE frames", of: 1) == 1)
      #expect(stand.figure("PFC frames", of: 1) == 1)
      stand.checkBalance()
    }

    @Test func eachPriorityIsCountedAndItsTimeIsExact() throws {
      let stand = try stand()
      // Packets come 1 us apart: the second frame replaces the first, the third ends the pause.
      try stand.run([
        priorityPause(0b1_1000, 1000), priorityPause(0b0_1000, 1000), priorityPause(0b0_1000, 0),
      ])
      #expect(stand.figure("priority 3 XOFF", of: 1) == 2)
      #expect(stand.figure("priority 3 XON", of: 1) == 1)
      #expect(stand.figure("priority 3 paused ns", of: 1) == 2000)
      #expect(stand.figure("priority 4 XOFF", of: 1) == 1)
      #expect(stand.figure("priority 4 paused ns", of: 1) == 512_000)
      #expect(stand.figure("priority 5 XOFF", of: 1) == nil)
    }

    @Test func aPauseFrameStopsAllPriorities() throws {
      let stand = try stand()
      try stand.run([pause(1000)])
      for priority in 0..<8 {
        #expect(stand.figure("priority \(priority) paused ns", of: 1) == 512_000)
      }
    }

    @Test func aVectorOfNothingChangesNothing() throws {
      let stand = try stand()
      try stand.run([priorityPause(0, 1000)])
      #expect(stand.figure("PFC frames", of: 1) == 1)
      #expect(stand.figure("priority 0 XOFF", of: 1) == nil)
    }

    @Test func aFrameThatIsCutIsNoFrame() throws {
      let stand = try Stand(
        stage("parse", ["malformed": "pass"]), stage("pfc", ["port": "in", "rate": "1Gbps"]),
        stage("send", ["port": "out"]))
      try stand.run([Array(priorityPause(0xff, 1000).prefix(30)), Array(pause(9).prefix(16))])
      #expect(stand.sent().count == 2)
      #expect(stand.figure("PFC frames", of: 1) == 0)
      stand.checkBalance()
    }

    @Test func twoStagesDoNotTakeTheFramesOfOnePort() throws {
      let settings: KeyValuePairs<String, String> = ["port": "in", "rate": "1Gbps"]
      #expect(throws: (any Error).self) {
        try Stand(stage("pfc", settings), stage("pfc", settings), stage("send", ["port": "out"]))
      }
      _ = try Stand(
        stage("pfc", settings), stage("pfc", ["port": "tap", "rate": "1Gbps"]),
        stage("send", ["port": "out"]))
    }

    @Test(
      arguments: [("on", "did you mean 'in'?"), ("uplink", "the ports are: in, out, tap")])
    func aPortThatDoesNotExistIsRefused(name: String, fix: String) throws {
      let error = #expect(throws: StageBuildError.self) {
        try Stand(stage("pfc", ["port": name, "rate": "1Gbps"]), stage("send", ["port": "out"]))
      }
      #expect(error?.error.message == "there is no port '\(name)'")
      #expect(error?.error.fix == fix)
    }

    @Test(arguments: ["drop", "forward", "alert"])
    func stormsAreFoundWhereAQueueIsStuck(action: String) throws {
      var values = try SettingValues(PFC.settings, ["port": "in", "rate": "1Gbps"])
      let watchdog = try SettingValues(
        [PFC.detect, PFC.restore, PFC.action],
        ["detect": "100us", "restore": "50us", "action": action])
      values.give(.record(watchdog), to: "watchdog", at: nil)
      let registry = StageRegistry(StageRegistry.standard.types + [StageType(StuckQueue.self)])
      let stand = try Stand(
        stage("parse"), stage("pfc", values), stage("stuck-queue", ["port": "in"], in: registry),
        stage("send", ["port": "out"]))
      try stand.run([packet("eth / ipv4 / udp / 40B")], nanoseconds: 1000)
      try stand.run([priorityPause(1 << 3, 1000)], nanoseconds: 2000)
      #expect(stand.set.nextRelease == 102_000)
      stand.release(until: 102_000)
      #expect(stand.figure("priority 3 storms detected", of: 1) == 1)
      #expect(stand.figure("priority 3 storms restored", of: 1) == 0)
      #expect(stand.figure("drops", of: 2) == (action == "drop" ? 1 : 0))
      #expect(stand.figure("paused", of: 2) == (action == "forward" ? 0 : 1))
      #expect(
        stand.set.notes()[1].first?.contains("a pause storm on priority 3, one goes on") == true)
      // The pause is over after 512 us.
      #expect(stand.set.nextRelease == 564_000)
      stand.release(until: 564_000)
      #expect(stand.figure("priority 3 storms restored", of: 1) == 1)
      #expect(stand.figure("drops", of: 2) == 0)
      #expect(stand.set.notes()[1].first?.contains("over now") == true)
    }

    @Test func framesAreTakenWithoutAllocating() throws {
      let stand = try stand()
      stand.output("out").records = false
      let burst = (0..<32).flatMap { _ in [priorityPause(0xff, 9), packet("eth / ipv4 / udp / 9B")]
      }
      for _ in 0..<20 { try stand.run(burst) }
      #expect(stand.figure("PFC frames", of: 1) == 640)
      // What is kept of drops to look at is the stand's.
      let plain = try Stand(stage("parse"), stage("drop", ["reason": "pause-frame"], when: "pfc"))
      for _ in 0..<20 { try plain.run(burst) }
      #expect(stand.allocations <= plain.allocations)
    }
  }
}

/// Says that something waits in priority 3 of a port, and what the port's pauses say then.
private struct StuckQueue: HoldingStage, ~Copyable {
  static var name: String { "stuck-queue" }
  static var summary: String { "Has something to send." }
  static var settings: [any SettingDeclaration] { [port] }
  static var example: String { "- stuck-queue: {port: wire}" }
  static let port: Setting<String> = .port("port", "The port")

  private let shared: SharedPauses
  private var now: UInt64 = 0

  init(_ settings: SettingValues, _ context: StageContext) {
    shared = context.common("pauses of port \(settings[Self.port])") { SharedPauses() }
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    now = burst.nanoseconds
    shared.pauses.pointee.noteBacklog(3, bytes: 1000, at: now)
  }

  var nextRelease: UInt64 { shared.pauses.pointee.nextEvent }

  mutating func release(_ burst: inout Burst, until now: UInt64) {
    self.now = now
    shared.pauses.pointee.advance(to: now)
  }

  func figures() -> [StageFigure] {
    let pauses = shared.pauses.pointee
    return [
      StageFigure("drops", pauses.drops(3) ? 1 : 0),
      StageFigure("paused", pauses.isPaused(3, at: now) ? 1 : 0),
    ]
  }
}
