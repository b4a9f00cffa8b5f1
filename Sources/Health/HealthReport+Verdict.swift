// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

extension HealthReport {
  /// One line: `healthy: no anomaly in 12,000 packets of 64 queue pairs`.
  public var verdict: String {
    let traffic =
      "\(Figure.counted(rocePackets, "packet")) of "
      + Figure.counted(queuePairCount, "queue pair")
    if hasAnomalies {
      let count = Figure.counted(anomalyCount, "problem")
      return "\(count) in \(traffic): \(kindsOfEvents.joined(separator: ", "))"
    }
    guard rocePackets > 0 else {
      let packets = Figure.counted(self.packets, "packet")
      return "nothing to judge: no RoCE traffic in \(packets)"
    }
    let blemishes = blemishes.isEmpty ? "" : ", but " + blemishes.joined(separator: ", ")
    return "healthy: no anomaly in \(traffic)\(blemishes)"
  }

  /// Each kind once, in the order of the list, with how often it came.
  private var kindsOfEvents: [String] {
    TelemetryEvent.Kind.allCases.compactMap { kind in
      let count = telemetry.events.count { $0.kind == kind }
      return count == 0 ? nil : count == 1 ? kind.name : "\(kind.name) (\(count))"
    }
  }

  /// What is no anomaly, and not as it should be either.
  private var blemishes: [String] {
    let totals = telemetry.totals
    let again = totals[.retransmitted] &+ totals[.recovered]
    return [(totals[.lost], "lost"), (again, "sent again"), (totals[.checksWrong], "corrupt")]
      .filter { $0.0 > 0 }.map { "\(Figure.count($0.0)) \($0.1)" }
  }
}

extension TelemetryEvent {
  /// `NAKs: 50, longest wait told: 10.2 ms`.
  var evidenceText: String {
    evidence.filter { $0.value > 0 }.map { "\($0.label): \($0.text)" }.joined(separator: ", ")
  }

  /// For how long it was seen.
  var duration: Double { end > start ? Double(end - start) / 1e9 : 0 }
}

extension TelemetryEvent.Evidence {
  private static let time = " in nanoseconds"

  var label: String {
    name.hasSuffix(Self.time) ? String(name.dropLast(Self.time.count)) : name
  }

  var text: String {
    if name.hasPrefix("syndrome") { return "0x" + String(value, radix: 16) }
    return name.hasSuffix(Self.time) ? Figure.seconds(Double(value) / 1e9) : Figure.count(value)
  }
}
