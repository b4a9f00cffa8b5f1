// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Testing

@Suite struct FileLimitTests {
  /// A file with as many ports as pipelines, each of which has as many stages.
  private static func text(pipelines: Int, stagesEach: Int) -> String {
    let stages = Array(repeating: "count: c", count: stagesEach - 1) + ["drop"]
    let list = stages.map { $0.contains(":") ? "{\($0)}" : $0 }.joined(separator: ", ")
    let ports = (0..<pipelines).map { "  a\($0): \"null:\"\n" }.joined()
    let entries = (0..<pipelines).map { "  p\($0): {input: a\($0), stages: [\(list)]}\n" }.joined()
    return "sluice: 1\nports:\n\(ports)pipelines:\n\(entries)"
  }

  private static func messages(_ text: String) -> [String] {
    PipelineFile.load(text: text, name: "many.yaml", catalog: .sample).diagnostics.map(\.message)
  }

  @Test func asManyAsTheEngineCanTellApartAreGood() {
    #expect(Self.messages(Self.text(pipelines: 64, stagesEach: 2)) == [])
  }

  @Test func morePortsAndPipelinesAreRefused() {
    #expect(
      Self.messages(Self.text(pipelines: 300, stagesEach: 1)) == [
        "the file has 300 ports, and at most 64 are possible",
        "the file has 300 pipelines, and at most 64 are possible",
      ])
  }

  @Test func moreStagesAreRefused() {
    #expect(
      Self.messages(Self.text(pipelines: 2, stagesEach: 32_768)) == [
        "the file has 65536 stages, and at most 65535 are possible"
      ])
  }
}
