// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Settings
import Testing

@Suite struct ListFileTests {
  typealias Folder = IncludeTests.Folder

  static let main = """
    sluice: 1
    ports: {a: "null:", b: "null:"}
    pipelines:
      p:
        input: a
        stages:
          - classify:
              rules: {file: rules.csv}
          - send: b

    """

  func folder(_ rules: String, main: String = main, as name: String = "rules.csv") throws -> Folder
  {
    try Folder(["main.yaml": main, .init(name): rules])
  }

  func rules(_ folder: Folder) throws -> [SettingValues] {
    let file = try #require(folder.load().file)
    let value = try #require(file.pipelines[0].stages[0].settings["rules"])
    guard case .list(let items) = value else { return [] }
    return items.compactMap { if case .record(let values) = $0 { values } else { nil } }
  }

  @Test func rowsOfATableAreItems() throws {
    let folder = try folder("match,class\n\"udp.dst in {1, 2}\", x\nudp ,\n# nothing\n\n")
    let rules = try rules(folder)
    #expect(rules.map(\.given) == [["match", "class"], ["match"]])
    #expect(rules.map { $0.location?.line } == [2, 3])
  }

  @Test func aPortInATableIsAReference() throws {
    let folder = try folder("match,output\nudp,b\n")
    #expect(try #require(folder.load().file).pipelines[0].stages[0].references.map(\.name) == ["b"])
  }

  @Test func yamlFilesAndWrittenItemsMix() throws {
    let main = Self.main.replacing(
      "{file: rules.csv}", with: "[{match: tcp}, {file: rules.yaml}, {match: arp}]")
    let folder = try folder("- {match: udp, class: x}\n", main: main, as: "rules.yaml")
    #expect(try rules(folder).count == 3)
  }

  @Test(arguments: [
    ("match,class\nudp,x,y\n", "rules.csv:2:7 3 cells, and the first line has 2 keys"),
    ("match,clas\nudp,x\n", "rules.csv:2:5 unknown key 'clas' in an item of 'rules' of stage"),
    ("match\nudpp\n", "rules.csv:2:1 'match' of an item of 'rules' of stage 'classify': "),
    ("match,class\n\"udp,x\n", "rules.csv:2:1 a quote is never closed"),
    ("match,match\n", "rules.csv:1:7 'match' is given twice"),
    ("", "rules.csv:1:1 the file is empty"),
    ("match\n\"udp\"x\n", "rules.csv:2:6 something follows a closing quote"),
  ])
  func mistakesAreToldWithTheirPlace(_ text: String, _ complaint: String) throws {
    let complaints = try folder(text).complaints()
    #expect(complaints.contains { $0.hasPrefix(complaint) }, "\(complaints)")
  }

  @Test func hostileFilesEndInOneComplaint() throws {
    let deep = String(repeating: "[", count: 5000)
    let large = "match\n" + String(repeating: "udp\n", count: 5 << 20)
    let endless = "match\n\"" + String(repeating: "udp and ", count: 200_000) + "udp\"\n"
    let many = "match\n" + String(repeating: "x\n", count: 100_000)
    for (name, text, complaint) in [
      ("rules.yaml", "- \(deep)", "nested deeper than 64 levels"),
      ("rules.csv", large, "larger than 16 MiB"),
      ("rules.csv", endless, "longer than 65536 bytes"), ("rules.csv", many, "too many errors"),
    ] {
      let main = Self.main.replacing("rules.csv", with: name)
      let complaints = try folder(text, main: main, as: name).complaints()
      #expect(complaints.contains { $0.contains(complaint) }, "\(complaints.prefix(3))")
      #expect(complaints.count <= 201)
    }
  }

  @Test func aMissingFileIsTold() throws {
    let folder = try Folder(["main.yaml": Self.main])
    #expect(folder.complaints().contains { $0.hasPrefix("main.yaml:8:25 cannot read 'rules.csv") })
  }
}
