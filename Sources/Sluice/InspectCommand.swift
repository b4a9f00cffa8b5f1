// SPDX-License-Identifier: BSD-3-Clause
import Inspection
import Presentation
import Runtime
import Settings
import Stages
import Wire

/// `sluice inspect`: what is in captures.
enum InspectCommand: Command {
  static let name = "inspect"
  static let summary = "Shows the packets of captures, or tells in a few lines what they are."
  static let arguments = [
    Argument(
      name: "FILE", help: "Captures, merged by time; - is standard input", isRepeated: true)
  ]
  static var options: [any SettingDeclaration] {
    [
      filter, fields, SharedOptions.json, tsv, verbose, summarize, time, packets, busiest, icrc,
    ] + Parse.options
  }
  static let shortOptions: [Character: String] = ["v": "verbose", "c": "packets"]
  static let example = "sluice inspect Pcaps/rc_ops_v6.pcap"

  static let filter: Setting<Expression?> = .expression(
    "filter", "Only packets that meet this condition: 'bth.opcode == CNP or ip.ecn == CE'")
  static let fields: Setting<String?> = .text(
    "fields", "Show these fields of each packet: names with commas between them")
  static let tsv: Setting<Bool> = .boolean(
    "tsv", default: false, "Print a line of names, then values with tabs between them")
  static let verbose: Setting<Bool> = .boolean(
    "verbose", default: false, "Show all headers with all their fields")
  static let summarize: Setting<Bool> = .boolean(
    "summary", default: false, "Count instead: protocols, opcodes, queue pairs, ECN, ICRC, faults")
  static let time: Setting<TimeStyle> = .choice(
    "time", default: .relative, "Since the first packet, in UTC, or since the packet before")
  static let packets: Setting<Int?> = .integer(
    "packets", in: 1...Int.max, "End after so many packets that meet the condition")
  static let busiest: Setting<Int> = .integer(
    "top", in: 0...1_000_000, default: 10, "How many queue pairs a summary shows")
  static let icrc: Setting<String> = .text(
    "icrc", default: "auto",
    "Whose ICRC to check: all, none, or N for one packet in N")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    try refuseContradictions(invocation)
    let form = try form(invocation)
    StopSignal.install()
    let progress = ProgressLine()
    let showsProgress = invocation[summarize] || !Terminal.outputIsTerminal
    let host = InspectionHost(
      isStopped: { StopSignal.isRaised },
      progress: { if showsProgress { progress.update($0) } }, write: Terminal.print)
    let inspection = Inspection(try inspectionOptions(invocation), host)
    guard !invocation[summarize] else {
      return show(inspection.summarize(busiest: invocation[busiest]), progress, invocation)
    }
    let outcome = inspection.show(as: form, time: invocation[time])
    progress.clear()
    for note in outcome.notes { Terminal.error("note: \(note)") }
    for problem in outcome.problems { Terminal.error("sluice: \(problem)") }
    return outcome.problems.isEmpty ? .success : .failed
  }

  private static func show(
    _ summary: CaptureSummary, _ progress: ProgressLine, _ invocation: Invocation
  ) -> ExitStatus {
    progress.clear()
    Terminal.print(
      invocation[SharedOptions.json] ? summary.json.text(pretty: true) : summary.text)
    for problem in summary.problems { Terminal.error("sluice: \(problem)") }
    return summary.problems.isEmpty ? .success : .failed
  }

  private static func inspectionOptions(
    _ invocation: Invocation
  ) throws(CommandError) -> InspectionOptions {
    var options = InspectionOptions(files: invocation.words)
    options.filter = invocation[filter]
    options.packetLimit = invocation[packets]
    do throws(SettingsError) {
      options.parser = try Parse.parserOptions(invocation.options)
    } catch {
      let fix = error.fix.map { "\n  fix: \($0)" } ?? ""
      throw invocation.mistake("--\(error.setting): \(error.message)\(fix)")
    }
    guard let sampling = ICRCSampling(invocation[icrc]) else {
      throw invocation.mistake(
        "--icrc \(invocation[icrc]): expected all, none, auto or a number")
    }
    options.icrc = sampling
    return options
  }

  private static func form(_ invocation: Invocation) throws(CommandError) -> Inspection.Form {
    var choice: FieldChoice?
    if let names = invocation[fields] {
      do throws(FieldChoice.Problem) { choice = try FieldChoice.parse(names) } catch {
        throw invocation.mistake("--fields: \(error.message)")
      }
    }
    let files = invocation.words.count
    if invocation[SharedOptions.json] { return .json(choice ?? .everything(files: files)) }
    if invocation[tsv] { return .tabs(choice ?? .usual) }
    if invocation[verbose] { return .details }
    return choice.map { .values($0) } ?? .lines
  }

  private static func refuseContradictions(_ invocation: Invocation) throws(CommandError) {
    let forms = [SharedOptions.json, tsv, verbose].filter { invocation[$0] }
    if forms.count > 1 {
      throw invocation.mistake("give one of --json, --tsv and --verbose")
    }
    if invocation[summarize], invocation[tsv] || invocation[verbose] || invocation[fields] != nil {
      throw invocation.mistake("--summary is text or --json: there are no packets to show")
    }
    if invocation[verbose], invocation[fields] != nil {
      throw invocation.mistake("--verbose shows all fields: give it or --fields")
    }
    if invocation.words.count(where: { $0 == "-" }) > 1 {
      throw invocation.mistake("standard input can be read once only")
    }
  }
}
