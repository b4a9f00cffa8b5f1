// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Stages
import Testing

@testable import Sluice

@Suite struct ArgumentTests {
  /// How `sluice replay` understands these words.
  func replay(_ arguments: String...) throws(CommandError) -> Invocation {
    try Invocation(arguments, of: ReplayCommand.self, registry: .standard)
  }

  func complaint(_ arguments: [String], of command: any Command.Type = ReplayCommand.self)
    -> CommandError?
  {
    do throws(CommandError) {
      _ = try Invocation(arguments, of: command, registry: .standard)
      return nil
    } catch {
      return error
    }
  }

  @Test func wordsAndOptionsMayMix() throws {
    let call = try replay("--packets", "7", "a.yaml", "--json", "--speed=10x")
    #expect(call.word(0) == "a.yaml")
    #expect(call.word(1) == nil)
    #expect(call[ReplayCommand.packets] == 7)
    #expect(call[SharedOptions.json])
    #expect(call[ReplayCommand.speed] == "10x")
  }

  @Test func optionsThatAreLeftOutHaveTheirDefaults() throws {
    let call = try replay("a.yaml")
    #expect(call[ReplayCommand.speed] == "max")
    #expect(!call[SharedOptions.json])
    #expect(call[ReplayCommand.input] == nil)
    #expect(call.options.given.isEmpty)
  }

  @Test func optionsThatAreGivenAreKnownToBe() throws {
    let call = try replay("a.yaml", "--speed", "2x", "--json")
    #expect(call.options.isGiven(ReplayCommand.speed))
    #expect(call.options.isGiven(SharedOptions.json))
    #expect(!call.options.isGiven(ReplayCommand.rate))
  }

  @Test func listsGrowWithEveryRepetition() throws {
    let call = try replay("a.yaml", "--in", "a=x.pcap", "--in=b=y.pcap", "--in", "a=z=1.pcap")
    let pairs = try call.pairs(ReplayCommand.input)
    #expect(pairs.map(\.name) == ["a", "b", "a"])
    #expect(pairs.map(\.value) == ["x.pcap", "y.pcap", "z=1.pcap"])
  }

  @Test(arguments: ["x.pcap", "=x.pcap", ""])
  func pairNeedsANameAndAValue(text: String) throws {
    let call = try replay("a.yaml", "--in", text)
    let error = #expect(throws: CommandError.self) { try call.pairs(ReplayCommand.input) }
    #expect(error?.message.contains("expected name=value\n  usage: sluice replay") ?? false)
    #expect(error?.status == .usage)
  }

  @Test func fileOfAPortMustBeNamed() throws {
    let call = try replay("a.yaml", "--in", "wire=", "--set", "x=")
    let error = #expect(throws: CommandError.self) { try call.pairs(ReplayCommand.input) }
    #expect(error?.message.hasPrefix("sluice replay: --in wire=: nothing follows") ?? false)
    #expect(error?.status == .usage)
    #expect(try call.parameters() == ["x": ""])
  }

  func inspect(_ arguments: String...) throws(CommandError) -> Invocation {
    try Invocation(arguments, of: InspectCommand.self, registry: .standard)
  }

  @Test func wordsOfOneKindMayBeMany() throws {
    let call = try inspect("a.pcap", "--json", "b.pcap", "-", "c.pcap")
    #expect(call.words == ["a.pcap", "b.pcap", "-", "c.pcap"])
    #expect(throws: CommandError.self) { try inspect("--json") }
  }

  @Test func lettersStandForOptions() throws {
    let call = try inspect("a.pcap", "-v", "-c", "5")
    #expect(call[InspectCommand.verbose])
    #expect(call[InspectCommand.packets] == 5)
    #expect(try inspect("a.pcap", "-c=6")[InspectCommand.packets] == 6)
    #expect(throws: CommandError.self) { try replay("a.yaml", "-v") }
    #expect(throws: CommandError.self) { try inspect("a.pcap", "-v", "--verbose=false") }
  }

  @Test func numbersOfAListMayStandTogether() throws {
    let call = try inspect("a.pcap", "--roce-ports", "4791,4792", "--roce-ports=7")
    #expect(try Parse.parserOptions(call.options).rocePorts == [4791, 4792, 7])
    #expect(throws: CommandError.self) { try inspect("a.pcap", "--roce-ports", "4791,") }
  }

  @Test func aConditionsMistakeIsPointedAt() {
    let error = complaint(["a.pcap", "--filter", "udp and ip.dcsp == 3"], of: InspectCommand.self)
    #expect(
      error?.message == """
        --filter:1:9: error: there is no field or protocol 'ip.dcsp'
          udp and ip.dcsp == 3
                  ^~~~~~~
          fix: did you mean 'ip.dscp'?
          usage: sluice inspect FILE... [options]
        """)
    #expect(error?.status == .usage)
  }

  @Test func dashIsAWord() throws { #expect(try replay("-").word(0) == "-") }

  @Test func wordsAfterTwoDashesAreNoOptions() throws {
    #expect(try replay("--json", "--", "--odd.yaml").word(0) == "--odd.yaml")
    #expect(try replay("--", "--").word(0) == "--")
  }

  @Test(arguments: [
    (["a.yaml", "--sped", "1x"], "unknown option '--sped'; did you mean '--speed'?"),
    (["a.yaml", "--zzzzzzzz"], "unknown option '--zzzzzzzz'"),
    (["a.yaml", "--=1x"], "unknown option '--=1x'"),
    (["a.yaml", "-x"], "unknown option '-x'"),
    (["a.yaml", "--speed"], "--speed needs a value"),
    (["a.yaml", "--in"], "--in needs a value"),
    (["a.yaml", "--packets", "many"], "expected a whole number"),
    (["a.yaml", "--packets", "0"], "--packets 0:"),
    (["a.yaml", "--packets", "99999999999999999999"], "--packets 99999999999999999999:"),
    (["a.yaml", "--rate", "10"], "missing unit"),
    (["a.yaml", "--json=perhaps"], "expected true or false"),
    (["a.yaml", "--speed", "1x", "--speed", "2x"], "given twice"),
    ([], "missing FILE"),
    (["--json"], "missing FILE"),
    (["a.yaml", "b.yaml"], "unexpected argument 'b.yaml'"),
  ])
  func mistakesAreToldWithTheUsage(arguments: [String], message: String) {
    let error = complaint(arguments)
    #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "no complaint")")
    #expect(error?.message.hasPrefix("sluice replay: ") ?? false)
    #expect(error?.message.contains("usage: sluice replay FILE [options]") ?? false)
    #expect(error?.status == .usage)
  }

  @Test func anythingAtAllIsUnderstoodOrRefused() {
    var generator = SplitMix64(seed: 11)
    let parts = [
      "-", "--", "---", "=", "", "--in", "--in=", "a=b", "--json", "--packets", "7", "--set",
      "\u{0}", "é\u{301}", "--e\u{301}", "-=", "1x", "--speed", "--rate=1Mpps", "--drops", "\n",
    ]
    for _ in 0..<5000 {
      let words = (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
        (parts.randomElement(using: &generator) ?? "")
          + (Bool.random(using: &generator) ? "" : parts.randomElement(using: &generator) ?? "")
      }
      for command in Sluice.commands {
        let error = complaint(words, of: command)
        #expect(error == nil || error?.status == .usage)
      }
    }
  }
}
