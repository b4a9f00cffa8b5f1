// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Glibc
import Settings
import Testing

@Suite struct IncludeTests {
  /// A directory of files that goes away with the test.
  final class Folder {
    let path: String
    private let names: [String]

    init(_ files: KeyValuePairs<String, String>) throws {
      var template = Array("/tmp/sluice-include-XXXXXX".utf8CString)
      path = String(cString: try #require(mkdtemp(&template)))
      names = files.map(\.key)
      for (name, text) in files {
        if let slash = name.lastIndex(of: "/") { mkdir("\(path)/\(name[..<slash])", 0o700) }
        let file = try #require(fopen("\(path)/\(name)", "w"))
        fputs(text, file)
        fclose(file)
      }
    }

    /// Files before the folders that hold them.
    deinit {
      for name in names { remove("\(path)/\(name)") }
      for name in names { remove("\(path)/\(name.prefix { $0 != "/" })") }
      remove(path)
    }

    func load(_ parameters: [String: String] = [:]) -> LoadedPipelineFile {
      PipelineFile.load(
        path: "\(path)/main.yaml", parameters: parameters, catalog: .sample)
    }

    /// `FILE:LINE:COLUMN message`, with paths relative to the folder.
    func complaints(_ parameters: [String: String] = [:]) -> [String] {
      load(parameters).diagnostics.map { diagnostic in
        let note = diagnostic.note.map { " (\($0.location): \($0.message))" } ?? ""
        return "\(diagnostic.location) \(diagnostic.message)\(note)"
          .split(separator: "\(path)/").joined()
      }
    }
  }

  static let main = """
    sluice: 1
    include: [parts/ports.yaml, parts/slow.yaml]
    pipelines:
      p: {input: a, stages: [jump: slow]}

    """

  static let ports = "ports: {a: \"${device}\", b: \"null:\"}\nparameters: {device: \"null:\"}\n"
  static let slow = "pipelines:\n  slow: {stages: [send: b]}\n"

  @Test func portsPipelinesAndParametersOfAllFilesComeTogether() throws {
    let folder = try Folder([
      "main.yaml": Self.main, "parts/ports.yaml": Self.ports, "parts/slow.yaml": Self.slow,
    ])
    #expect(folder.complaints() == [])
    let file = try #require(folder.load(["device": "ring:x"]).file)
    #expect(file.ports.map(\.device) == ["ring:x", "null:"])
    #expect(file.pipelines.map(\.name) == ["p", "slow"])
  }

  @Test func complaintsNameTheFileThatTheyAreAbout() throws {
    let folder = try Folder([
      "main.yaml": Self.main, "parts/ports.yaml": Self.ports,
      "parts/slow.yaml": "pipelines:\n  slow: {stages: [sned: b]}\n",
    ])
    #expect(folder.complaints() == ["parts/slow.yaml:2:19 unknown stage 'sned'"])
  }

  @Test func aNameInTwoFilesIsAnErrorThatNamesBoth() throws {
    let folder = try Folder([
      "main.yaml": Self.main, "parts/ports.yaml": Self.ports,
      "parts/slow.yaml": Self.slow + "ports: {b: \"null:\"}\n",
    ])
    #expect(
      folder.complaints() == [
        "parts/slow.yaml:3:9 port 'b' is defined twice (parts/ports.yaml:1:25: first defined here)"
      ])
  }

  @Test func aCircleOfIncludesIsShown() throws {
    let folder = try Folder([
      "main.yaml": Self.main, "parts/ports.yaml": Self.ports + "include: [slow.yaml]\n",
      "parts/slow.yaml": Self.slow + "include: [../main.yaml]\n",
    ])
    #expect(
      folder.complaints() == [
        "parts/slow.yaml:3:11 this file includes itself: main.yaml -> parts/ports.yaml -> "
          + "parts/slow.yaml -> main.yaml"
      ])
  }

  @Test func aFileThatTwoOthersIncludeIsReadOnce() throws {
    let folder = try Folder([
      "main.yaml": Self.main, "parts/ports.yaml": Self.ports,
      "parts/slow.yaml": Self.slow + "include: [ports.yaml]\n",
    ])
    #expect(folder.complaints() == [])
  }

  @Test func engineSettingsBelongToTheMainFile() throws {
    let folder = try Folder([
      "main.yaml": Self.main, "parts/ports.yaml": Self.ports + "workers: 2\n",
      "parts/slow.yaml": Self.slow,
    ])
    #expect(
      folder.complaints() == [
        "parts/ports.yaml:3:1 'workers' cannot be set in an included file"
      ])
  }

  @Test func whatAMissingFileMayDefineIsNotReportedAsMissing() throws {
    let folder = try Folder([
      "main.yaml": Self.main + "  q: {stages: [count: \"${name}\"]}\n",
      "parts/ports.yaml": Self.ports,
    ])
    #expect(
      folder.complaints(["name": "x"]) == [
        "main.yaml:2:29 cannot read 'parts/slow.yaml': No such file or directory"
      ])
  }

  @Test func aPathMayHoldAParameter() throws {
    let folder = try Folder([
      "main.yaml": """
      sluice: 1
      include: ["parts/${site}.yaml"]
      parameters: {site: nowhere}
      pipelines: {p: {input: [a, b], stages: [drop]}}

      """,
      "parts/north.yaml": Self.ports,
    ])
    #expect(folder.load(["site": "north"]).file != nil)
  }

  @Test(arguments: [
    ("/nonexistent/p.yaml", "No such file or directory"), ("/tmp", "Is a directory"),
    ("/dev/zero", "it is larger than 16 MiB"),
  ])
  func aFileThatCannotBeReadIsNamed(_ path: String, _ reason: String) {
    let loaded = PipelineFile.load(path: path, parameters: [:], catalog: .sample)
    #expect(loaded.file == nil)
    #expect(
      loaded.diagnostics.map { $0.text() } == [
        "\(path): error: cannot read the file: \(reason)"
      ])
  }

  @Test func aValueForAParameterThatDoesNotExistIsRefused() {
    let loaded = PipelineFile.load(
      text: PipelineFileTests.good, name: "f.yaml", parameters: ["upling": "null:"],
      catalog: .sample)
    #expect(
      loaded.diagnostics.map { $0.text() } == [
        """
        command line:1:7: error: no parameter 'upling' is declared in the file
          --set upling=null:
                ^~~~~~
          fix: did you mean 'uplink'? (the parameters are uplink, limit)
        """
      ])
  }

  @Test(arguments: ["limit": "a lot", "uplink": "nowhere"])
  func aWrongValueOfAParameterIsTracedToTheCommandLine(_ name: String, _ value: String) {
    let loaded = PipelineFile.load(
      text: PipelineFileTests.good, name: "f.yaml", parameters: [name: value], catalog: .sample)
    #expect(loaded.diagnostics.map { $0.location.source.name } == ["f.yaml"])
    #expect(loaded.diagnostics.first?.note?.location.source.name == "command line")
    #expect(loaded.diagnostics.first?.note?.message == "the value of parameter '\(name)'")
  }
}
