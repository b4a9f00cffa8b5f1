// SPDX-License-Identifier: BSD-3-Clause
import Presentation

extension CaptureSummary {
  /// The summary as a person reads it; problems are for standard error.
  public var text: String {
    var lines = files.map(\.text)
    if let filter { lines.append("only packets with \(filter)") }
    lines += packetLines
    if !protocols.isEmpty { lines += [""] + Self.table("protocols", protocols) }
    if !opcodes.isEmpty {
      lines += [""] + Self.table("opcodes", opcodes) + [""] + queuePairLines
      lines += [""] + answerLines.lines()
    } else if !malformed.isEmpty {
      lines += [""] + answerLines.lines()
    }
    if interrupted { lines.append("note: a signal ended it, the rest was not read") }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var packetLines: [String] {
    var lines = [
      "\(Self.counted(total.packets, "packet")), \(Figure.bytes(total.bytes)) on the wire"
    ]
    guard let earliest, let latest else { return lines }
    let seconds = Double(latest - earliest) / 1e9
    if seconds > 0 {
      let rates = [
        Figure.scaled(Double(total.packets) / seconds, "pps"),
        Figure.scaled(Double(total.bytes) * 8 / seconds, "bit/s"),
      ]
      lines[0] += " in \(Figure.seconds(seconds)): " + rates.joined(separator: ", ")
    }
    lines.append("from \(PacketTime.date(earliest)) to \(PacketTime.date(latest))")
    if backwards > 0 {
      lines.append("\(Self.counted(backwards, "packet")) older than the one before")
    }
    lines.append(cutLine)
    return lines
  }

  private var cutLine: String {
    let longest = "the longest has \(longestCaptured) bytes"
    return cutPackets > 0
      ? "\(Self.counted(cutPackets, "packet")) cut, of what there is \(longest)"
      : "all packets are whole, \(longest)"
  }

  /// One of a kind is singular.
  private static func counted(_ count: UInt64, _ noun: String) -> String {
    "\(Figure.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func table(_ title: String, _ groups: [Group]) -> [String] {
    var table = TextTable([.left, .right, .right])
    table.add(title, "packets", "bytes")
    for group in groups {
      table.add(
        "  " + group.words.joined(separator: " "), Figure.count(group.count.packets),
        Figure.bytes(group.count.bytes))
    }
    return table.lines()
  }

  private var queuePairLines: [String] {
    var table = TextTable([.left, .left, .left, .left, .right, .right, .right])
    let title = Self.counted(UInt64(queuePairs), "queue pair")
    table.add(
      uncountedByQueuePair > 0 ? "more than \(title)" : title, "to", "from", "", "packets", "bytes",
      "CE")
    for pair in busiest {
      let digits = String(pair.number, radix: 16)
      table.add(
        "  0x" + String(repeating: "0", count: 6 - digits.count) + digits, pair.destination,
        pair.source, pair.transports.joined(separator: " "), Figure.count(pair.count.packets),
        Figure.bytes(pair.count.bytes), Figure.count(pair.congested))
    }
    return table.lines()
  }

  /// What is said of RoCE packets in a line each.
  private var answerLines: TextTable {
    var table = TextTable([.left, .left])
    if rdmaPackets > 0 {
      table.add("ECN", Self.list(ecn.filter { $0.count > 0 }))
      let refusals = naks.map { Named(name: "NAK \($0.name)", count: $0.count) }
      let answers = [Named(name: "ACK", count: acks), Named(name: "RNR NAK", count: notReady)]
      table.add("answers", Self.list(answers + refusals))
      table.add("CNPs", Figure.count(notifications))
      table.add("ICRC", icrcText)
    }
    if !malformed.isEmpty { table.add("malformed", Self.list(malformed)) }
    return table
  }

  private var icrcText: String {
    let checked = icrc.filter { $0.name != "unchecked" }
    let isChecked = checked.contains { $0.count > 0 }
    let shown = checked.filter { $0.count > 0 || ["good", "bad"].contains($0.name) }
    let absent = withoutICRC > 0 ? ", \(Figure.count(withoutICRC)) too short to have one" : ""
    guard isChecked else { return "not checked\(absent)" }
    return Self.list(shown) + absent + (sampling.map { " (checked: \($0))" } ?? "")
  }

  private static func list(_ counts: [Named]) -> String {
    counts.map { "\(Figure.count($0.count)) \($0.name)" }.joined(separator: ", ")
  }
}

extension CaptureSummary.File {
  fileprivate var text: String {
    guard let format, let linkType else { return "\(path): could not be opened" }
    return "\(path): \(format), \(linkType), snap length \(snapLength)"
  }
}
