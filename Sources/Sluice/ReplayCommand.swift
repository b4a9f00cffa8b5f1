// SPDX-License-Identifier: BSD-3-Clause
import Runtime
import Settings

/// `sluice replay`: captures through the pipelines, in virtual time.
enum ReplayCommand: Command {
  static let name = "replay"
  static let summary = "Runs captures through the pipelines in virtual time, the same every time."
  static let arguments = [Argument(name: "FILE", help: "The pipeline file; - is standard input")]
  static var options: [any SettingDeclaration] {
    [
      input, output, drops, speed, rate, packets, SharedOptions.set, SharedOptions.json,
    ]
  }
  static let example =
    "sluice replay Pipelines/flagship.yaml --in wire=Pcaps/rc_write_ce.pcap --out host=host.pcapng"

  static let input: Setting<[String]?> = .list(
    "in", of: .text, "Read a port's packets from a capture: port=file; several are merged by time")
  static let output: Setting<[String]?> = .list(
    "out", of: .text, "Write what a port sends to a capture: port=file.pcap or .pcapng")
  static let drops: Setting<String?> = .path(
    "drops", "Write dropped packets to a capture, each with its reason as a comment (pcapng)")
  static let speed: Setting<String> = .text(
    "speed", default: "max", "As fast as captured (1x), a multiple (10x), or max")
  static let rate: Setting<Double?> = .packetRate(
    "rate", in: 0.001...1e12, "Pace by packets per second instead")
  static let packets: Setting<Int?> = .integer(
    "packets", in: 1...Int.max, "End after so many packets")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let plan = try invocation.loadPlan()
    var options = ReplayOptions()
    for (port, path) in try invocation.pairs(input) { options.inputs[port, default: []] += [path] }
    for (port, path) in try invocation.pairs(output) {
      if options.outputs.updateValue(path, forKey: port) != nil {
        throw invocation.mistake("--out \(port)=\(path): port '\(port)' has an output already")
      }
    }
    options.drops = invocation[drops]
    options.packetLimit = invocation[packets].map(UInt64.init)
    options.pace = try pace(invocation)
    StopSignal.install()
    do throws(RuntimeError) {
      let replay = try Replay(plan, options)
      let progress = ProgressLine()
      replay.progress = progress.update
      let report = replay.run()
      progress.clear()
      return ReportPrinter.show(
        report, asJSON: invocation[SharedOptions.json],
        onError: replay.writesToStandardOutput)
    } catch {
      throw invocation.failure(error)
    }
  }

  private static func pace(_ invocation: Invocation) throws(CommandError) -> Pace {
    let text = invocation[speed]
    if let rate = invocation[rate] {
      if invocation.options.isGiven(speed) {
        throw invocation.mistake("give --speed or --rate, not both")
      }
      return .rate(rate)
    }
    guard let pace = Pace(speed: text) else {
      throw invocation.mistake("--speed \(text): expected a multiple such as 1x or 0.5x, or max")
    }
    return pace
  }
}
