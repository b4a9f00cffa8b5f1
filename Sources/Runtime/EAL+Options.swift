// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Settings

extension EALOptions {
  /// A replay needs no hugepages, cards or workers: just room for its pool.
  static func forReplay(of plan: NICPlan, packets: Int, dataRoom: Int) -> EALOptions {
    var options = EALOptions()
    options.hugepages = .never
    options.memory =
      PacketPool.memory(packets: packets, dataRoom: dataRoom) + spare + plan.tableMemory(workers: 1)
    return options
  }

  static func forRun(of plan: NICPlan, cores: [Int], _ live: LiveOptions) -> EALOptions {
    var options = EALOptions(workerCores: cores)
    options.filePrefix = live.filePrefix
    options.hasTelemetrySocket = plan.hasTelemetrySocket
    options.allowsCapture = plan.allowsCapture
    options.hugepages =
      switch plan.file.engine[EngineSettings.hugepages] {
      case .automatic: .automatic
      case .never: .never
      case .required: .required
      }
    options.memory = plan.memoryNeed(workers: cores.count) + spare
    let devices = plan.ports.compactMap { try? Device.parse($0.device) }
    let addresses = devices.compactMap(\.pciAddress)
    let hasOther = devices.contains { $0.kind == .dpdk }
    options.pci = hasOther ? .all : addresses.isEmpty ? .none : .only(addresses)
    return options
  }

  /// Megabytes for rings, queues and what drivers take beside the pools.
  private static let spare = MemoryNeed(megabytes: 64)
}
