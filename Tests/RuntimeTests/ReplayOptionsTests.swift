// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing

@testable import Runtime

@Suite struct ReplayOptionsTests {
  static let text = """
    sluice: 1
    ports: {in: "pcap:in=a.pcap", out: "pcap:out=b.pcap", tap: "null:"}
    pipelines: {main: {input: in, stages: [{mirror: tap}, {send: out}]}}
    """

  func message(
    of text: String = Self.text, _ change: (inout ReplayOptions) -> Void
  ) throws -> String? {
    var options = ReplayOptions()
    change(&options)
    let plan = try plan(text)
    do throws(RuntimeError) {
      _ = try options.completed(for: plan)
      return nil
    } catch {
      guard case .option(let message) = error else { return "\(error)" }
      return message
    }
  }

  @Test func devicesOfTheFileStandInForOptions() throws {
    let options = try ReplayOptions().completed(for: plan(Self.text))
    #expect(options.inputs == ["in": ["a.pcap"]])
    #expect(options.outputs == ["out": "b.pcap"])
  }

  @Test func theCaptureThatAPortReadsIsNotWrittenOver() throws {
    let text = """
      sluice: 1
      ports: {wire: "pcap:a.pcap"}
      pipelines: {main: {input: wire, stages: [{send: wire}]}}
      """
    let message = try message(of: text) { $0.inputs = ["wire": ["b.pcap"]] }
    #expect(message?.contains("would write over a.pcap") == true)
    let named = try self.message(of: text) {
      $0.inputs = ["wire": ["b.pcap"]]
      $0.outputs = ["wire": "c.pcap"]
    }
    #expect(named == nil)
  }

  @Test func optionsGoBeforeTheDevicesOfTheFile() throws {
    var options = ReplayOptions()
    options.inputs = ["in": ["x.pcap", "y.pcap"]]
    options.outputs = ["out": "-"]
    let completed = try options.completed(for: plan(Self.text))
    #expect(completed.inputs == ["in": ["x.pcap", "y.pcap"]])
    #expect(completed.outputs == ["out": "-"])
  }

  @Test func unknownPortIsRefusedWithAProposal() throws {
    let message = try message { $0.inputs = ["im": ["x.pcap"]] }
    #expect(message?.contains("did you mean 'in'?") ?? false)
  }

  @Test func portWithoutAPipelineTakesNoCapture() throws {
    let message = try message { $0.inputs = ["tap": ["x.pcap"]] }
    #expect(message?.contains("no pipeline has port 'tap' as its input") ?? false)
  }

  @Test func fileThatIsReadIsNotWritten() throws {
    let message = try message { $0.outputs = ["tap": "a.pcap"] }
    #expect(message?.hasPrefix("a.pcap is read by port 'in' and written by port 'tap'") ?? false)
  }

  @Test func twoOutputsNeedTwoFiles() throws {
    let message = try message { $0.drops = "b.pcap" }
    #expect(
      message?.hasPrefix("b.pcap is written by port 'out' and written by --drops") ?? false)
  }

  @Test(arguments: ["./a.pcap", ".//a.pcap", "Tests/../a.pcap"])
  func fileIsTheSameHoweverItIsSpelled(path: String) throws {
    let message = try message { $0.outputs = ["tap": path] }
    let expected = "a.pcap is read by port 'in' and, as \(path), written by port 'tap'"
    #expect(message?.hasPrefix(expected) ?? false, "\(message ?? "no complaint")")
  }

  @Test func stageDoesNotWriteWhatIsRead() throws {
    let text = """
      sluice: 1
      ports: {in: "null:"}
      pipelines: {main: {input: in, stages: [{capture: ./x.pcap}, drop]}}
      """
    var options = ReplayOptions()
    options.inputs = ["in": ["x.pcap"]]
    let error = #expect(throws: RuntimeError.self) { try options.completed(for: plan(text)) }
    guard case .option(let message) = error else { throw error ?? .option("no error") }
    #expect(
      message.hasPrefix(
        "x.pcap is read by port 'in' and, as ./x.pcap, written by stage 'main/capture'"))
  }

  @Test func standardInputIsReadOnce() throws {
    let message = try message { $0.inputs = ["in": ["-", "-"]] }
    #expect(message == "only one capture can come from standard input")
  }

  @Test func replayNeedsAnInput() throws {
    let text = """
      sluice: 1
      ports: {in: "null:"}
      pipelines: {main: {input: in, stages: [send: in]}}
      """
    #expect(throws: RuntimeError.self) { try ReplayOptions().completed(for: plan(text)) }
  }
}
