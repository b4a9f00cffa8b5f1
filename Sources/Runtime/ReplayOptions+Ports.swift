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
        completed.outputs[port.name] = path
      }
    }
    if completed.inputs.isEmpty { throw .option(Self.noInput(plan)) }
    try completed.checkFiles()
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

  private static func noInput(_ plan: NICPlan) -> String {
    let port = plan.ports.first { $0.entry != nil }?.name ?? "PORT"
    return "\(plan.path): nothing to replay: no input port has a capture\n"
      + "  fix: name one with --in \(port)=FILE, or give the port a pcap:FILE device"
  }

  /// Two writers of one file, or a capture written over while it is read, would end badly.
  private func checkFiles() throws(RuntimeError) {
    var written: Set<String> = []
    let read = Set(inputs.values.joined())
    for path in outputs.sorted(by: { $0.key < $1.key }).map(\.value) + (drops.map { [$0] } ?? []) {
      guard path != "/dev/null" else { continue }
      if CaptureFormat(path: path) == nil && !CaptureWriter.choosesFormat(for: path) {
        throw .option(
          "\(path): its extension does not say which format to write\n"
            + "  fix: name it .pcap or .pcapng")
      }
      if !written.insert(path).inserted {
        throw .option("\(path) is written twice\n  fix: give each output a file of its own")
      }
      if path != "-" && read.contains(path) {
        throw .option("\(path) is read and written\n  fix: write to another file")
      }
    }
    if inputs.values.joined().count(where: { $0 == "-" }) > 1 {
      throw .option("only one capture can come from standard input")
    }
  }
}
