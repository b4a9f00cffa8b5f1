// SPDX-License-Identifier: BSD-3-Clause

/// A target of the package, read out of the manifest, from the ground up.
struct Target {
  let name: String
  let imports: [String]

  /// The targets of `Package.swift` in its order, without the executable, the tests and what
  /// tests share.
  static let all: [Target] = {
    guard let manifest = try? Document("Package.swift").lines.joined(separator: "\n"),
      let start = manifest.firstRange(of: "  targets: [")
    else { return [] }
    let text = manifest[start.upperBound...]
    let targets = text.matches(of: /(module|systemLibrary|target)\(([^()]*)/)
      .filter { !$0.output.2.contains("path: \"Tests/") }
    return targets.map { match in
      let names = match.output.2.matches(of: /"([A-Za-z]+)"/).map { String($0.output.1) }
      let isModule = match.output.1 == "module"
      return Target(name: names.first ?? "", imports: isModule ? Array(names.dropFirst()) : [])
    }
  }()

  static func reaches(_ goal: String, from name: String) -> Bool {
    guard let target = all.first(where: { $0.name == name }) else { return false }
    return target.imports.contains { $0 == goal || reaches(goal, from: $0) }
  }

  /// Nil for a target that is not described here, which fails a test.
  var summary: String? {
    switch name {
    case "CDPDK": "All of DPDK that Swift sees: a mirror of its packet buffer, and thin functions"
    case "CISAL": "ISA-L's header of checksums"
    case "CPcap": "libpcap's header"
    case "CYAML": "libyaml's header"
    case "CMicroHTTPD": "libmicrohttpd's header"
    case "CSQLite": "SQLite's header"
    case "CFixbuf": "libfixbuf's header"
    case "Top": "What `sluice top` shows, without a terminal: readings and keys to lines"
    case "Spelling": "Did-you-mean"
    case "Presentation": "What results are shown as: JSON, tables of text, numbers for people"
    case "DPDK": "DPDK's environment, devices, ports, pools, cores and clock; errors for people"
    case "Wire": "Packet formats: parser, table of fields, conditions, rewrites, checksums, ICRC"
    case "Capture": "Capture files: reading, merging, writing, and recording from a thread"
    case "Inspection": "What is in captures: packets as lines, fields and JSON; summaries"
    case "Congestion": "Models without packets: meters, queues, marking curves, DCQCN, PFC"
    case "Settings": "What can be set, units, places in files, complaints"
    case "Tables": "Flows and queue pairs; the tables that rules are looked up in"
    case "Telemetry": "What is measured of queue pairs: metrics, distributions, events; models"
    case "Exporters": "What carries snapshots elsewhere: Prometheus, JSON lines, CSV, SQLite, IPFIX"
    case "Health": "What captures tell of a fabric's health: text, JSON, a page with plots"
    case "Pipeline": "Burst, selection, stage, verdict, drop reasons, counters"
    case "Stages": "The stages that come with Sluice, a file each"
    case "Configuration": "The pipeline file: YAML, parameters, includes, checks; JSON Schema"
    case "Runtime": "Live, replay, simulation: plans, workers, outputs, report, graph"
    case "Sluice": "The command line, a file for each command"
    default: nil
    }
  }
}
