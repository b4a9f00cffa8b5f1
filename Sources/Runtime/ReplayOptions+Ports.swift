// SPDX-License-Identifier: BSD-3-Clause
import Capture
import DPDK
import Settings
import Spelling

extension ReplayOptions {
  /// The options with the file's own `pcap:` devices where no option names a port, once every
  /// port that they name is known to be one.
  func completed(for plan: NICPlan) throws(RuntimeError) -> ReplayOptions {
    for name in inputs.keys.sorted() {
      guard try Self.port(name, "--in", in: plan).entry != nil else {
        throw .option("--in \(name)=...: no pipeline has port '\(name)' as its input")
      }
    }
    for name in outputs.keys.sorted() { _ = try Self.port(name, "--out", in: plan) }
    var completed = self
    for port in plan.ports {
      guard let device = try? Device.parse(port.device) else { continue }
      if port.entry != nil, inputs[port.name] == nil, let path = device.inputFile {
        completed.inputs[port.name] = [path]
      }
      if port.isOutput, outputs[port.name] == nil, let path = device.outputFile {
        if port.entry != nil, path == device.inputFile, inputs[port.name] != nil {
          throw .option(Self.wouldOverwrite(path, port.name))
        }
        completed.outputs[port.name] = path
      }
    }
    if completed.inputs.isEmpty { throw .option(Self.noInput(plan)) }
    try completed.checkFiles()
    try plan.refuseConflicts(
      among: completed.files(of: plan) + plan.stageFiles(workers: 1) + plan.telemetryUses)
    return completed
  }

  /// What the options ask for and will not be as it looks.
  func notes(for plan: NICPlan) -> [String] {
    var notes = plan.ports.filter { outputs[$0.name] != nil && !$0.isOutput }
      .map { "no stage sends to port \($0.name): its output has no packets" }
    if let drops, CaptureFormat(path: drops) == .pcap {
      notes.append("\(drops): pcap has no room for the reasons; write .pcapng to keep them")
    }
    return notes
  }

  private static func port(
    _ name: String, _ option: String, in plan: NICPlan
  ) throws(RuntimeError) -> NICPlan.Port {
    if let port = plan.ports.first(where: { $0.name == name }) { return port }
    let names = plan.ports.map(\.name)
    let meant = Spelling.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw .option(
      "\(option) \(name)=...: no port '\(name)' in \(plan.path)\(meant)\n"
        + "  fix: its ports are \(names.joined(separator: ", "))")
  }

  /// A file that the port reads by its device is not for writing because `--in` names another one.
  private static func wouldOverwrite(_ path: String, _ port: String) -> String {
    "port '\(port)' would write over \(path), from which it reads without --in\n"
      + "  fix: say where it writes, with --out \(port)=FILE"
  }

  private static func noInput(_ plan: NICPlan) -> String {
    let port = plan.ports.first { $0.entry != nil }?.name ?? "PORT"
    return "\(plan.path): nothing to replay: no input port has a capture\n"
      + "  fix: name one with --in \(port)=FILE, or give the port a pcap:FILE device"
  }

  /// Every file that the replay reads or writes itself, and for whom.
  private func files(of plan: NICPlan) -> [FileUse] {
    var files: [FileUse] = []
    for (port, section) in zip(plan.ports, plan.file.ports) {
      let location = section.deviceLocation
      let device = try? Device.parse(port.device)
      for path in inputs[port.name] ?? [] {
        files.append(
          FileUse(
            path, readBy: "port '\(port.name)'", at: path == device?.inputFile ? location : nil))
      }
      if let path = outputs[port.name] {
        files.append(
          FileUse(
            path, writtenBy: "port '\(port.name)'",
            at: path == device?.outputFile ? location : nil))
      }
    }
    return files + (drops.map { [FileUse($0, writtenBy: "--drops", at: nil)] } ?? [])
  }

  private func checkFiles() throws(RuntimeError) {
    for path in outputs.sorted(by: { $0.key < $1.key }).map(\.value) + (drops.map { [$0] } ?? [])
    where path != "/dev/null" {
      if CaptureFormat(path: path) == nil && !CaptureWriter.choosesFormat(for: path) {
        throw .option(
          "\(path): its extension does not say which format to write\n"
            + "  fix: name it .pcap or .pcapng")
      }
    }
    if inputs.values.joined().count(where: { $0 == "-" }) > 1 {
      throw .option("only one capture can come from standard input")
    }
  }
}
