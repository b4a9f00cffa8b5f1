// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Pipeline
import Presentation

extension Report {
  /// The report as a person reads it; problems are for standard error.
  public var text: String {
    var lines = ["\(command) \(file): \(Figure.seconds(seconds)), \(conditions)", ""]
    lines += portLines + [""]
    lines += stageLines
    if !drops.isEmpty { lines += ["drops"] + dropLines + [""] }
    lines += [balanceLine, throughputLine]
    if let pacing { lines.append(pacing.text) }
    if let simulation { lines += [""] + simulation.lines }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var conditions: String {
    "\(Figure.counted(workers, "worker")), \(memory)" + (interrupted ? ", ended by a signal" : "")
  }

  private var portLines: [String] {
    var table = TextTable([.left, .right, .right, .right, .right, .left])
    table.add("port", "received", "", "sent", "", "device")
    for port in ports {
      let counters = port.counters
      table.add(
        port.name, Figure.count(counters.receivedPackets), Figure.bytes(counters.receivedBytes),
        Figure.count(counters.sentPackets), Figure.bytes(counters.sentBytes),
        [port.device, port.link].compactMap { $0 }.joined(separator: ", "))
    }
    let driverLines = ports.compactMap { port in
      port.driver.flatMap { $0.isClean ? nil : "  \(port.name): \($0.text)" }
    }
    return table.lines() + driverLines
  }

  private var stageLines: [String] {
    var lines: [String] = []
    for pipeline in pipelines {
      var table = TextTable([.left, .right, .right, .right, .right, .left])
      table.add(pipeline.name, "packets", "dropped", "bursts", "cycles/packet", "")
      for stage in pipeline.stages {
        let counters = stage.counters
        table.add(
          "  " + stage.label, Figure.count(counters.packets), Figure.count(counters.dropped),
          Figure.count(counters.bursts),
          Figure.ratio(counters.timedCycles, counters.timedPackets),
          stage.condition.map { "when \($0)" } ?? "")
        for figure in stage.figures {
          table.add("    \(figure.name)", Figure.count(figure.value))
        }
      }
      lines += table.lines() + [""]
    }
    return lines
  }

  private var dropLines: [String] {
    var table = TextTable([.left, .right])
    for drop in drops { table.add("  \(drop.reason)", Figure.count(drop.packets)) }
    return table.lines()
  }

  private var balanceLine: String {
    let made = totals.made > 0 ? " + \(Figure.count(totals.made)) made" : ""
    return "\(Figure.count(totals.received)) received\(made) = \(Figure.count(totals.sent)) sent"
      + " + \(Figure.count(totals.dropped)) dropped"
  }

  private var throughputLine: String {
    guard seconds > 0 else { return "no time passed" }
    let packets = Double(totals.received) / seconds
    let bits = Double(totals.receivedBytes) * 8 / seconds
    let rate = "\(Figure.scaled(packets, "pps")), \(Figure.scaled(bits, "bit/s"))"
    guard let captureSeconds, captureSeconds > 0 else { return rate }
    let what = simulation == nil ? "the captures span" : "the simulation spans"
    return rate + " (\(what) \(Figure.seconds(captureSeconds)))"
  }
}

extension DPDK.Port.Link {
  var text: String {
    guard isUp else { return "no link" }
    return megabits.map { "link \(Figure.scaled(Double($0) * 1e6, "bit/s"))" } ?? "link"
  }
}

extension Report.DriverCounts {
  init(_ statistics: DPDK.Port.Statistics) {
    missed = statistics.missed
    receiveErrors = statistics.receiveErrors
    noBuffer = statistics.withoutBuffer
    sendErrors = statistics.sendErrors
  }

  var isClean: Bool { missed == 0 && receiveErrors == 0 && noBuffer == 0 && sendErrors == 0 }

  var text: String {
    let parts = [
      (missed, "missed: receive queue full"), (noBuffer, "missed: pool empty"),
      (receiveErrors, "receive errors"), (sendErrors, "send errors"),
    ]
    return parts.filter { $0.0 > 0 }
      .map { "\(Figure.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }
}

extension Report.PacingReport {
  var text: String {
    "paced at \(asked): late by \(Figure.seconds(meanLateness)) on average, "
      + "\(Figure.seconds(maximumLateness)) at most"
  }
}
