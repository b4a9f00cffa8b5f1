// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Settings

extension NICPlan {
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
            EngineSettings.cores, "\(cores.count) cores are named for \(wanted) workers",
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
