// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Presentation
import Settings

extension NICPlan {
  /// Ports whose devices cannot do what the pipelines want of them; `--in` and `--out` of a replay
  /// take other files, so these are faults of a run.
  public func deviceProblems() -> [Diagnostic] {
    zip(ports, file.ports).compactMap { port, section in
      guard let device = try? Device.parse(port.device) else { return nil }
      do throws(DeviceProblem) {
        try device.check(port.options(workers: 1).use)
        return nil
      } catch {
        return Diagnostic(
          .error, at: section.deviceLocation, "port '\(port.name)': \(error.message)",
          fix: error.fix)
      }
    }
  }

  /// What the file names and this machine lacks. `check` does not ask: the file may be for another.
  func machineProblems() -> [Diagnostic] { missingCores() + missingNodes() }

  private func missingCores() -> [Diagnostic] {
    let available = Cores.available
    let missing = (file.engine[EngineSettings.cores] ?? []).filter { !available.contains($0) }
    guard let first = missing.first else { return [] }
    let what = missing.count == 1 ? "core \(first) is" : "cores \(Cores.list(missing)) are"
    return [
      diagnostic(
        EngineSettings.cores, "\(what) not available to this process",
        fix: "choose among the cores \(Cores.list(available))")
    ]
  }

  private func missingNodes() -> [Diagnostic] {
    let nodes = NUMANodes.online
    return file.ports.compactMap { port in
      guard let node = port.settings[PortSettings.numaNode], !nodes.contains(node) else {
        return nil
      }
      let place = port.settings.location(of: PortSettings.numaNode) ?? port.location
      return Diagnostic(
        .error, at: place, "port '\(port.name)': this machine has no NUMA node \(node)",
        fix: nodes.count == 1
          ? "its only node is \(Cores.list(nodes)): leave `numa-node:` out"
          : "its nodes are \(Cores.list(nodes))")
    }
  }

  /// The cores that the file asks for, or the first ones there are.
  func chooseCores() throws(RuntimeError) -> [Int] {
    let wanted = file.engine[EngineSettings.workers]
    let available = Cores.available
    if let cores = file.engine[EngineSettings.cores] {
      guard !cores.isEmpty else {
        throw .usage([
          diagnostic(
            EngineSettings.cores, "no core is named", fix: "name one, or leave `cores:` out")
        ])
      }
      if file.engine.isGiven(EngineSettings.workers) && cores.count != wanted {
        throw .usage([
          diagnostic(
            EngineSettings.cores,
            "\(Figure.counted(cores.count, "core")) named for \(Figure.counted(wanted, "worker"))",
            fix: "name one core for each worker")
        ])
      }
      return cores
    }
    guard wanted <= available.count else {
      throw .usage([
        diagnostic(
          EngineSettings.workers,
          "\(wanted) workers need \(wanted) cores, and this process may use \(available.count)",
          fix: "ask for at most \(available.count), or list a core twice in `cores:`")
      ])
    }
    return Array(available.prefix(wanted))
  }
}
