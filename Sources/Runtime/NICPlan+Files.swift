// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Pipeline
import Settings

extension NICPlan {
  /// Every file that a live run reads or writes.
  func liveFiles(workers: Int) -> [FileUse] {
    var files: [FileUse] = []
    for (port, section) in zip(ports, file.ports) {
      guard let device = try? Device.parse(port.device) else { continue }
      let user = "port '\(port.name)'"
      if port.entry != nil, let path = device.inputFile ?? device.word("rx_pcap=") {
        files.append(FileUse(path, readBy: user, at: section.deviceLocation))
      }
      if port.isOutput, let path = device.outputFile ?? device.word("tx_pcap=") {
        files.append(FileUse(path, writtenBy: user, at: section.deviceLocation))
      }
    }
    return files + stageFiles(workers: workers) + telemetryUses
  }

  /// Every file that a stage writes; each worker may have one of its own.
  func stageFiles(workers: Int) -> [FileUse] {
    var files: [FileUse] = []
    for stage in ownStages {
      for worker in 0..<workers {
        let context = checkContext(worker: worker, of: workers)
        _ = stage.plan.type.problem(with: stage.plan.settings, in: context)
        // Who writes no file on the first worker writes none on the others.
        if context.writtenFiles.isEmpty { break }
        files += context.writtenFiles.map {
          FileUse(
            $0.path, writtenBy: "stage '\(stage.label)'",
            at: $0.location ?? stage.section.location)
        }
      }
    }
    return files
  }

  /// Throws when one of the files would be lost.
  func refuseConflicts(among files: [FileUse]) throws(RuntimeError) {
    let conflicts = FileConflict.all(among: files)
    guard let first = conflicts.first else { return }
    let diagnostics = conflicts.compactMap(\.diagnostic)
    if diagnostics.count == conflicts.count { throw .usage(diagnostics) }
    throw .option("\(first.message)\n  fix: \(first.fix)")
  }

  /// What `refuseConflicts` would say of a live run of the file.
  func fileProblems() -> [Diagnostic] {
    FileConflict.all(among: liveFiles(workers: workersWritten)).compactMap(\.diagnostic)
  }

  /// How many workers the file asks for.
  var workersWritten: Int {
    file.engine[EngineSettings.cores]?.count ?? file.engine[EngineSettings.workers]
  }

  /// For stages that are only built to be asked.
  func checkContext(worker: Int = 0, of workers: Int = 1) -> StageContext {
    StageContext(
      mode: .check, worker: worker, workers: workers, seed: seed, pool: nil,
      reasons: DropReasons(), ports: portIndices, pipelines: pipelineIndices)
  }
}

extension Device {
  /// What follows `key` in a device that is written in DPDK's own words.
  fileprivate func word(_ key: String) -> String? {
    guard kind == .dpdk else { return nil }
    return target.split(separator: ",").first { $0.hasPrefix(key) }
      .map { String($0.dropFirst(key.count)) }
  }
}
