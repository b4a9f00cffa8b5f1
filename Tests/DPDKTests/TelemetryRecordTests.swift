// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import DPDK

struct TelemetryRecordTests {
  @Test(arguments: [
    ("longest queue", "longest_queue"), ("a/b_c9", "a/b_c9"), ("x: [y]-ü", "x___y____"),
    ("", ""),
  ])
  func namesHaveTheCharactersThatDPDKAllows(text: String, name: String) {
    #expect(TelemetryRecord.name(text) == name)
  }

  @Test func textsArePrintableASCIIOfItsLength() {
    #expect(TelemetryRecord.text("ü \"a\"\n\u{1B}") == "? \"a\"??")
    #expect(TelemetryRecord.text(String(repeating: "ü", count: 500)).utf8.count == 127)
  }

  @Test func lengthIsThatOfTheTextAsJSONOrMore() {
    var inner = TelemetryRecord()
    inner.add("n", UInt64(12))
    var record = TelemetryRecord()
    record.add("text", "a")
    record.add("inner", inner)
    #expect(record.length >= #"{"text":"a","inner":{"n":12}}"#.count)
  }

  @Test func optionsOpenTheSocketAndLetOthersAttach() {
    var options = EALOptions()
    let hugepages = Memory(usesHugepages: true, words: "")
    let without = options.arguments(memory: hugepages, mainCores: [0], process: 7)
    #expect(without.contains("--no-telemetry") && without.contains("--in-memory"))
    options.hasTelemetrySocket = true
    options.allowsCapture = true
    let with = options.arguments(memory: hugepages, mainCores: [0], process: 7)
    #expect(!with.contains("--no-telemetry") && !with.contains("--in-memory"))
  }

  @Test func capturingWithoutHugepagesIsRefused() {
    let error = #expect(throws: DPDKError.self) {
      try HugepageFiles.check(Memory(usesHugepages: false, words: "ordinary memory, as asked"))
    }
    #expect(error?.cause == "that needs hugepages, and this is ordinary memory, as asked")
  }
}
