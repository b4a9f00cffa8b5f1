// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import Testing

/// The tables of reports' JSON keys, held against reports.
@Suite("Keys of reports in the documentation")
struct ReportKeyTests {
  /// By what they are in, "" for the report itself.
  typealias Keys = [String: Set<String>]

  private static func documented(_ path: String) throws -> Keys {
    let page = try Document(path)
    let start = try #require(page.lines.firstIndex(of: "| in | keys |"))
    var keys: Keys = [:]
    for line in page.lines[(start + 2)...].prefix(while: { $0.hasPrefix("|") }) {
      let cells = line.split(separator: "|").map { cell in
        cell.matches(of: /`(\w+)`/).map { String($0.output.1) }
      }
      keys[cells[0].first ?? "", default: []].formUnion(cells[1])
    }
    return keys
  }

  /// A stage's figures are its own, and no part of the table.
  private static func gather(_ value: Any, in name: String, into keys: inout Keys) {
    if let list = value as? [Any] {
      for item in list { gather(item, in: name, into: &keys) }
    } else if let object = value as? [String: Any], name != "figures" {
      keys[name, default: []].formUnion(object.keys)
      for (key, item) in object { gather(item, in: key, into: &keys) }
    }
  }

  @Test(.enabled(if: Shell.canRun, "needs tshark, and the executable beside the tests"))
  func keysAreThoseOfReports() throws {
    let shell = try Shell(try Document("docs/operating.md"))
    var keys: Keys = [:]
    for command in [
      "replay Pipelines/flagship.yaml --json --speed 1000x",
      "replay Pipelines/record-congestion.yaml --json",
      "run Pipelines/null.yaml --json --packets 100000",
    ] {
      let text = try shell.run("sluice \(command) 2>/dev/null").joined(separator: "\n")
      Self.gather(try JSONSerialization.jsonObject(with: Data(text.utf8)), in: "", into: &keys)
    }
    #expect(try Self.documented("docs/operating.md") == keys)
  }

  @Test(.enabled(if: Shell.canRun, "needs tshark, and the executable beside the tests"))
  func keysAreThoseOfReportsOnHealth() throws {
    let shell = try Shell(try Document("docs/report.md"))
    let text = try shell.run("sluice report Pcaps/rc_ops_loss.pcap --json").joined(separator: "\n")
    var keys: Keys = [:]
    Self.gather(try JSONSerialization.jsonObject(with: Data(text.utf8)), in: "", into: &keys)
    for (name, documented) in try Self.documented("docs/report.md") {
      #expect(keys[name] == documented, "\(name)")
    }
  }
}
