// SPDX-License-Identifier: BSD-3-Clause
import Testing

/// The arrows between targets, from the wire up.
@Suite struct ArrowTests {
  /// What each target may import of the others. Each line may name only what lines above it define.
  static let allowed: [(target: String, imports: [String])] = [
    ("CDPDK", []),
    ("CISAL", []),
    ("CPcap", []),
    ("CYAML", []),
    ("CMicroHTTPD", []),
    ("CSQLite", []),
    ("CFixbuf", []),
    ("Spelling", []),
    ("Presentation", []),
    ("DPDK", ["CDPDK", "Spelling"]),
    ("Wire", ["CISAL", "Spelling"]),
    ("Capture", ["CPcap", "Wire"]),
    ("Inspection", ["Capture", "Presentation", "Spelling", "Wire"]),
    ("Congestion", []),
    ("Settings", ["Spelling", "Wire"]),
    ("Tables", ["CDPDK", "Wire"]),
    ("Telemetry", ["CDPDK", "Congestion", "Presentation", "Tables", "Wire"]),
    ("Exporters", ["CFixbuf", "CMicroHTTPD", "CSQLite", "Presentation", "Telemetry", "Wire"]),
    ("Top", ["Presentation", "Telemetry"]),
    ("Health", ["Exporters", "Presentation", "Telemetry", "Wire"]),
    ("Pipeline", ["CDPDK", "Settings", "Tables", "Wire"]),
    (
      "Stages",
      [
        "Capture", "CDPDK", "Congestion", "Pipeline", "Settings", "Spelling", "Tables",
        "Telemetry", "Wire",
      ]
    ),
    ("Configuration", ["CYAML", "Presentation", "Settings", "Spelling", "Wire"]),
    (
      "Runtime",
      [
        "CDPDK", "Capture", "Configuration", "DPDK", "Exporters", "Pipeline", "Presentation",
        "Settings", "Spelling", "Stages", "Tables", "Telemetry", "Wire",
      ]
    ),
    (
      "Sluice",
      [
        "Configuration", "Exporters", "Health", "Inspection", "Pipeline", "Presentation",
        "Runtime", "Settings", "Spelling", "Stages", "Top", "Wire",
      ]
    ),
    ("Executable", ["Sluice"]),
  ]
  /// Parts of the toolchain that every target may use. Foundation is not among them: it is large,
  /// and nothing needs it.
  static let everywhere = ["Glibc", "Synchronization"]
  static let table = Dictionary(uniqueKeysWithValues: allowed.map { ($0.target, $0.imports) })

  @Test func arrowsPointOneWay() {
    var above: Set<String> = []
    for (target, imports) in Self.allowed {
      #expect(above.isSuperset(of: imports), "\(target) depends on something below it")
      above.insert(target)
    }
  }

  @Test func theManifestDrawsTheSameArrows() {
    let manifest = Repository.files(in: "Package.swift", "").first?.text ?? ""
    let module = #/\n +module\(\s*"(\w+)"([^)]*)\)/#
    var drawn: [String: Set<String>] = [:]
    for match in manifest.matches(of: module) {
      let names = match.output.2.matches(of: #/"(\w+)"/#).map { String($0.output.1) }
      drawn[String(match.output.1)] = Set(names)
    }
    let others = [
      "CDPDK", "CISAL", "CPcap", "CYAML", "CMicroHTTPD", "CSQLite", "CFixbuf", "Executable",
    ]
    #expect(drawn == Self.table.filter { !others.contains($0.key) }.mapValues { Set($0) })
  }

  @Test func everyFolderOfSourcesIsATarget() {
    #expect(Set(Repository.files(in: "Sources/", "").map(\.folder)) == Set(Self.table.keys))
  }

  @Test func sourcesImportOnlyWhatTheirTargetMay() {
    var wrong: [String] = []
    for file in Repository.sources {
      let allowed = (Self.table[file.folder] ?? []) + Self.everywhere
      for match in file.text.matches(of: Self.importLine) {
        let name = String(match.output.1)
        if !allowed.contains(name) { wrong.append("\(file.path) imports \(name)") }
      }
    }
    #expect(wrong == [])
  }

  private static var importLine: Regex<(Substring, Substring)> {
    #/(?m)^(?:[a-z@_]+ )*import (?:(?:struct|class|enum|func|protocol|typealias|let|var) )?(\w+)/#
  }

  @Test func noHeaderThatSwiftSeesIncludesDPDK() {
    let headers = Repository.files(in: "Sources/", ".h").filter { $0.path.contains("/include/") }
    #expect(!headers.isEmpty)
    #expect(headers.flatMap { $0.places(of: #/#\s*include.*\brte_/#) } == [])
  }
}
