// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice

/// A folder with captures and pipeline files, in which a test runs `sluice`.
struct Workbench {
  let folder = TemporaryFolder()

  static let golden = Place.package + "/Tests/GoldenTests"

  init() {
    folder.link("Pcaps", to: Place.package + "/Pcaps")
    folder.link("Pipelines", to: Place.package + "/Pipelines")
    folder.link("Inputs", to: Self.golden + "/Inputs")
    write("send.yaml", wire: "null:", host: "null:")
  }

  /// A pipeline from `wire` to `host`; `stages` lie between.
  func write(_ name: String, wire: String, host: String, _ stages: String..., top: String = "") {
    let list = (stages + ["send: host"]).map { "      - \($0)\n" }.joined()
    let text = """
      sluice: 1
      \(top)
      ports: {wire: "\(wire)", host: "\(host)"}
      pipelines:
        ingress:
          input: wire
          stages:

      """
    folder.write(text + list, to: name)
  }

  func sluice(_ line: String, input: String = "/dev/null") -> Run {
    Run.sluice(line.split(separator: " ").map(String.init), in: folder, input: input)
  }

  func shell(_ line: String) -> Run { Run.shell(line, in: folder) }

  /// Starts `sluice run` and waits until it says that it is up.
  func live(_ line: String) -> Run {
    let run = sluice("run " + line)
    _ = Run.until { run.errors.contains("Ctrl-C ends it") || !run.isRunning }
    return run
  }

  func packets(_ name: String) -> [FilePacket] {
    CaptureFile(path: folder.place(name)).packets
  }

  /// What a golden case expects of a port.
  static func expected(_ name: String, _ file: String = "host.pcapng") -> [[UInt8]] {
    CaptureFile(path: "\(golden)/Cases/\(name)/expected/\(file)").packets.map(\.bytes)
  }
}

extension Run {
  /// The report in JSON, as a flat list.
  var figures: ReportFigures? { ReportFigures(output) }

  /// What no run may have: packets unaccounted for, buffers missing, other problems.
  var faults: [String] {
    guard let figures else { return ["no report: \(output)\(errors)"] }
    var faults = figures.values.filter { $0.key.hasPrefix("problems") }.map(\.value)
    if figures.number("pool.missing") != 0 { faults.append("buffers are missing") }
    let totals = ["received", "made", "sent", "dropped"].map {
      figures.number("totals.\($0)Packets")
    }
    if totals[0] + totals[1] != totals[2] + totals[3] { faults.append("packets are missing") }
    return faults
  }
}
