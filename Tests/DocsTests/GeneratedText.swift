// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import DPDK
import Exporters
import Pipeline
import Runtime
import Settings
import Stages
import Telemetry
import Wire

/// Parts of pages that are made from what the code declares.
enum GeneratedText {
  /// By the name that a page's markers have.
  static let regions: [String: String] = [
    "engine-settings": StageReference.markdown(for: EngineSettings.all),
    "port-settings": StageReference.markdown(for: PortSettings.all),
    "devices": devices,
    "export-settings": StageReference.markdown(for: EngineSettings.telemetrySettings),
    "sqlite-schema": "```sql\n\(SQLiteExporter.schema)\n```",
    "units": units,
    "protocols": protocols,
    "fields": fields,
    "field-names": fieldNames,
    "malformations": malformations,
    "stages": stages,
    "metrics": metrics,
    "distributions": distributions,
    "events": events,
    "ipfix-standard": ipfix(
      IPFIXElement.standard + IPFIXElement.addresses4 + IPFIXElement.addresses6),
    "ipfix-roce": ipfix(IPFIXElement.identity + IPFIXElement.metrics),
    "targets": targets,
    "target-graph": targetGraph,
  ]

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static var metrics: String {
    table(
      ["metric", "what it counts, and what it does not"],
      Metric.allCases.map { ["`\($0.name)`", $0.description.help] })
  }

  private static var distributions: String {
    table(
      ["distribution", "of what"],
      Distribution.Kind.allCases.map { ["`\($0.name)`", $0.help] })
  }

  private static var events: String {
    table(
      ["event", "means that"], TelemetryEvent.Kind.allCases.map { ["`\($0.name)`", $0.meaning] })
  }

  private static func ipfix(_ elements: [IPFIXElement]) -> String {
    table(
      ["number", "name", "octets", "what"],
      elements.map { ["\($0.number)", "`\($0.name)`", "\($0.length)", $0.help] })
  }

  private static var devices: String {
    table(
      ["device", "what", "has"],
      DeviceKind.all.map { ["`\($0.example)`", $0.summary, $0.supports] })
  }

  private static var units: String {
    let names: [(Quantity, String)] = [
      (.duration, "duration"), (.size, "size"), (.bitRate, "bit rate"),
      (.packetRate, "packet rate"), (.share, "share"),
    ]
    return table(
      ["quantity", "units"],
      names.map { [$1, $0.units.map { "`\($0.name)`" }.joined(separator: " ")] })
  }

  private static var protocols: String {
    table(["word", "holds for"], FieldTable.protocols.map { ["`\($0.name)`", $0.summary] })
  }

  private static var fields: String {
    table(
      ["field", "value", "set", "what"],
      FieldTable.all.map { field in
        let isWritable = field.access == .writable
        return ["`\(field.name)`", value(of: field), isWritable ? "yes" : "", field.summary]
      })
  }

  private static func value(of field: Field) -> String {
    switch field.kind {
    case .number(let bits), .hexadecimal(let bits): "number, \(bits) bits"
    case .named(_, let bits): "name, \(bits) bits"
    default: field.kind.noun
    }
  }

  private static var fieldNames: String {
    let named = FieldTable.all.filter { $0.kind.names != nil && $0.name != "packet.malformation" }
    var rows: [[String]] = []
    var seen: Set<FieldNames> = []
    for field in named {
      guard let names = field.kind.names, seen.insert(names).inserted else { continue }
      let fields = named.filter { $0.kind.names == names }.map { "`\($0.name)`" }
      let values = names.entries.map { entry in
        "`\(entry.name)` "
          + (names.isHexadecimal ? "0x" + String(entry.value, radix: 16) : "\(entry.value)")
      }
      rows.append([fields.joined(separator: " "), values.joined(separator: ", ")])
    }
    rows.append(["`packet.malformation`", "[the names of malformations](drop-reasons.md), `none`"])
    return table(["fields", "names"], rows)
  }

  private static var malformations: String {
    table(
      ["reason", "what is wrong"],
      Malformation.allCases.filter { $0 != .none }.map { ["`\($0.name)`", $0.explanation] })
  }

  private static var stages: String {
    table(
      ["stage", "what it does"],
      StandardStages.all.map(\.description).map { ["[`\($0.name)`](\($0.name).md)", $0.summary] })
  }

  private static var targets: String {
    table(
      ["target", "what lives there", "imports"],
      Target.all.map { target in
        [
          "`\(target.name)`", target.summary ?? "",
          target.imports.map { "`\($0)`" }.joined(separator: ", "),
        ]
      })
  }

  /// An arrow leads from a target to one that it imports, unless another way leads there too.
  private static var targetGraph: String {
    let arrows = Target.all.flatMap { target in
      target.imports.filter { name in
        !target.imports.contains { $0 != name && Target.reaches(name, from: $0) }
      }.map { "  \(target.name) --> \($0)" }
    }
    return (["```mermaid", "flowchart TD"] + arrows + ["```"]).joined(separator: "\n")
  }
}
