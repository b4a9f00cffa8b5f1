// SPDX-License-Identifier: BSD-3-Clause
import Presentation

@testable import Top

/// A run with two ports, three stages and so many queue pairs, as its telemetry socket tells it.
struct Readings {
  var queuePairs = 3
  var file = "Pipelines/telemetry.yaml"
  var isWithTelemetry = true

  /// After so many seconds in which all went on evenly: queue pair `n` sends `n + 1` Mb a second.
  func reading(at seconds: Int) -> TopReading { TopReading(answers(at: seconds)) }

  func answers(at seconds: Int) -> JSON {
    var info: [(String, JSON?)] = [
      ("file", .string(file)), ("uptime_milliseconds", .integer(seconds * 1000)),
      ("workers", 2),
    ]
    if isWithTelemetry { info.append(("queue_pairs", .integer(queuePairs))) }
    return .object(present: [
      ("info", .object(present: info)),
      ("ports", ["0": port("wire", 2_000_000 * seconds), "1": port("host", 0)]),
      (
        "stages",
        .array([
          stage("parse", "parse", seconds, cycles: 20),
          stage("egress", "queue", seconds, cycles: 90),
          stage("send", "send", seconds, cycles: 35),
        ])
      ),
      ("drops", ["0": ["reason": "queue-full", "packets": .integer(500 * seconds)]]),
      ("queue_pairs", isWithTelemetry ? .array((0..<queuePairs).map { pair($0, seconds) }) : nil),
      ("events", isWithTelemetry ? ["0": event] : nil),
    ])
  }

  private func port(_ name: String, _ packets: Int) -> JSON {
    [
      "name": .string(name), "device": "null:", "received_packets": .integer(packets),
      "received_bytes": .integer(packets * 64), "sent_packets": 0, "sent_bytes": 0,
    ]
  }

  private func stage(_ label: String, _ type: String, _ seconds: Int, cycles: Int) -> JSON {
    [
      "pipeline": "ingress", "label": .string(label), "stage": .string(type),
      "packets": .integer(2_000_000 * seconds), "dropped": 0,
      "timed_packets": .integer(1000 * seconds), "timed_cycles": .integer(1000 * seconds * cycles),
      "figures": ["most_bytes": 4096],
    ]
  }

  func name(_ number: Int) -> String { "10.0.0.\(number)>10.0.1.1/0x00001\(number % 10)" }

  func pair(_ number: Int, _ seconds: Int) -> JSON {
    [
      "name": .string(name(number)), "bytes": .integer(125_000 * (number + 1) * seconds),
      "packets": .integer(1000 * seconds), "np_ecn_marked_roce_packets": .integer(100 * seconds),
      "wire_retransmitted_packets": .integer(number * 7 * seconds),
      "round_trips": .integer(10 * seconds),
      "round_trip_nanoseconds": .integer(10 * seconds * (12_500 - 1000 * number)),
      "opcodes": ["RC_WRITE_FIRST": .integer(400 * seconds)],
    ]
  }

  private var event: JSON {
    [
      "kind": "incast", "meaning": "many senders send to one receiver at once", "open": 1,
      "start": 1_000_000_000, "end": 3_500_000_000, "occurrences": 12, "queue_pair_count": 8,
      "queue_pairs": ["0": .string(name(0))], "evidence": ["senders": 16],
    ]
  }
}

extension TopScreen {
  /// A screen that has seen the run for two seconds, from the fifth on.
  init(_ readings: Readings) {
    self.init()
    take(readings.reading(at: 5))
    take(readings.reading(at: 7))
  }

  mutating func texts(_ width: Int = 80, _ height: Int = 24) -> [String] {
    lines(width: width, height: height).map(\.text)
  }

  mutating func press(_ text: String) { for character in text { press(.character(character)) } }

  /// The names in the table that keys work on.
  var names: [String] { table.rows.map { $0[0].text } }

  mutating func selected(_ width: Int = 80, _ height: Int = 24) -> [String] {
    lines(width: width, height: height).filter { $0.style == .selected }.map {
      String($0.text.prefix { $0 != " " })
    }
  }
}
