// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Telemetry
import Testing

/// Packets between two connected ends, and what telemetry has to say of them.
///
/// The requester's queue pair is 11 and the responder's 21; messages have a path MTU of 256.
struct RoCEScenario: CustomTestStringConvertible {
  struct Step {
    var nanoseconds: UInt64
    var packet: [UInt8]
  }

  let name: String
  let steps: [Step]
  /// Of both queue pairs together; metrics that are not named may be anything.
  let expected: [Metric: UInt64]
  var verifies = false
  var isPaired = true

  var testDescription: String { name }

  init(
    _ name: String, verifies: Bool = false, isPaired: Bool = true, _ steps: [Step],
    _ expected: [Metric: UInt64]
  ) {
    self.name = name
    self.steps = steps
    self.expected = expected
    self.verifies = verifies
    self.isPaired = isPaired
  }

  /// What is measured of the packets alone, without the connection's beginning.
  func run() throws -> TelemetrySnapshot {
    var stages = try [stage("parse")]
    if verifies { stages.append(try stage("verify-icrc")) }
    stages += try [
      stage("track-qps"), stage("roce-telemetry", ["timeout": "1ms"]),
      stage("send", ["port": "out"]),
    ]
    let stand = try Stand([PipelinePlan(name: "main", stages: stages)])
    let wire = RoCEPackets()
    if isPaired { try stand.run(wire.connection(from: 11, to: 21), nanoseconds: 1) }
    for step in steps { try stand.run([step.packet], nanoseconds: step.nanoseconds) }
    stand.set.finish()
    stand.checkBalance()
    return stand.telemetry
  }
}

extension RoCEScenario {
  static let wire = RoCEPackets()

  /// From the requester at a time in microseconds.
  static func ask(_ microseconds: UInt64, _ packet: [UInt8]) -> Step {
    Step(nanoseconds: 1_000_000 + microseconds * 1000, packet: packet)
  }

  static func payload(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

  static func remote(_ length: UInt32) -> [UInt8] { payload(12) + wire.big(length, 4) }

  /// Requests to queue pair 21.
  static func first(_ sequence: UInt32) -> [UInt8] {
    wire.transport(0x06, 21, sequence, remote(600) + payload(256))
  }
  static func middle(_ sequence: UInt32) -> [UInt8] {
    wire.transport(0x07, 21, sequence, payload(256))
  }
  static func last(_ sequence: UInt32) -> [UInt8] {
    wire.transport(0x08, 21, sequence, asks: true, payload(88))
  }
  static func only(_ sequence: UInt32) -> [UInt8] { wire.send(to: 21, sequence) }
  static func read(_ sequence: UInt32, _ length: UInt32) -> [UInt8] {
    wire.transport(0x0c, 21, sequence, remote(length))
  }
  static func fetchAdd(_ sequence: UInt32) -> [UInt8] {
    wire.transport(0x14, 21, sequence, payload(28))
  }

  /// Answers to queue pair 11.
  static func acknowledge(_ sequence: UInt32, _ syndrome: UInt8 = 0x1f) -> [UInt8] {
    wire.back.transport(0x11, 11, sequence, [syndrome, 0, 0, 1])
  }
  static func response(_ opcode: UInt8, _ sequence: UInt32, _ count: Int = 256) -> [UInt8] {
    let extended = opcode == 0x0e ? [] : [0x1f, 0, 0, 1] as [UInt8]
    return wire.back.transport(opcode, 11, sequence, extended + payload(count))
  }
  static func notify() -> [UInt8] { wire.back.notify(11) }
}

/// The IPv4 packet with an ECN field.
func withECN(_ field: UInt8, _ packet: [UInt8]) -> [UInt8] {
  var packet = packet
  packet[15] = packet[15] & 0xfc | field
  return packet
}

extension Stand {
  /// What has been measured so far.
  var telemetry: TelemetrySnapshot {
    context.telemetryBoard.demand = SweepDemand(queuePairs: 100, addressPairs: true)
    set.addUp()
    return context.telemetryBoard.snapshot
  }
}
