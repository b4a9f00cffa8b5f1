// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Telemetry
import Testing
import Wire

extension Running {
  /// RoCE packets whose opcodes, sequence numbers, lengths and times make no sense, for more queue
  /// pairs, receivers and gaps than there is room for.
  @Suite struct HostileTelemetryTests {
    private static let settings: KeyValuePairs = [
      "capacity": "8", "gaps": "64", "receivers": "3", "restart-distance": "4194304",
    ]

    @Test(arguments: 0..<24) func whatMakesNoSenseIsMeasuredAsWell(seed: Int) throws {
      var random = SplitMix64(seed: UInt64(seed))
      let stand = try Stand(
        stage("parse", ["malformed": "pass"]), stage("verify-icrc", ["every": "3"]),
        stage("track-qps", ["capacity": "12", "idle": "1ms"]),
        stage("roce-telemetry", Self.settings), stage("send", ["port": "out"]))
      var time: UInt64 = 1_000_000_000
      for _ in 0..<150 {
        time = Self.next(time, &random)
        try stand.run((0..<16).map { _ in Self.packet(&random) }, nanoseconds: time)
      }
      let before = stand.telemetry
      stand.set.finish()
      stand.checkBalance("seed \(seed)")
      let after = stand.telemetry
      let counted = after.opcodes.present.reduce(0) { $0 + $1.packets }
      #expect(after.totals[.packets] == counted && counted > 0)
      #expect(before.totals[.packets] == counted)
      #expect(after.queuePairCount <= 8 && after.receivers.count <= 3)
      #expect(after.events.allSatisfy { $0.start <= $0.end && $0.occurrences > 0 })
    }

    /// Mostly a little later; sometimes much later, and sometimes earlier.
    private static func next(_ time: UInt64, _ random: inout SplitMix64) -> UInt64 {
      switch random.next() % 16 {
      case 0: time &+ random.next() % 10_000_000_000
      case 1: time &- min(time, random.next() % 1_000_000_000)
      case 2: random.next() % (1 << 62)
      default: time &+ random.next() % 200_000
      }
    }

    private static func packet(_ random: inout SplitMix64) -> [UInt8] {
      let sender = random.next() % 5 + 1
      let wire = RoCEPackets(source: "10.0.0.\(sender)", destination: "10.0.1.\(random.next() % 6)")
      let ends = random.next() % 2 == 0 ? wire : wire.back
      let sequences: [UInt32] = [
        UInt32(random.next() % 8), UInt32(random.next() % 300) * 2, 0xff_fff0,
        UInt32(random.next() % (1 << 24)),
      ]
      let opcode = UInt8(random.next() % 8 == 0 ? random.next() % 256 : random.next() % 0x18)
      let rest = (0..<Int(random.next() % 64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let bytes = ends.transport(
        random.next() % 20 == 0 ? 0x81 : opcode, UInt32(random.next() % 4),
        sequences[Int(random.next() % 4)], asks: random.next() % 2 == 0, rest)
      let ecn = withECN(UInt8(random.next() % 4), bytes)
      return random.next() % 10 == 0 ? Array(ecn.prefix(Int(random.next() % 100))) : ecn
    }
  }
}
