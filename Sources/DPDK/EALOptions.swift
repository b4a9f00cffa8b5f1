// SPDX-License-Identifier: BSD-3-Clause

/// How DPDK shall start.
public struct EALOptions: Sendable {
  public enum Hugepages: Sendable {
    /// When enough are free; ordinary memory else.
    case automatic
    case never
    case required
  }

  /// Which PCI devices DPDK may take from the machine.
  public enum PCI: Sendable, Equatable {
    case none
    /// Those at these addresses, such as `0000:3b:00.0`.
    case only([String])
    /// All that are bound to a driver which lets DPDK have them.
    case all
  }

  /// The core of each worker, in order; a core may serve several workers.
  public var workerCores: [Int] = []
  /// Tells processes apart that run side by side; unique by itself.
  public var filePrefix: String?
  public var hugepages = Hugepages.automatic
  /// The memory for packet buffers; what hugepages there are or 1024 MB when nil.
  public var memory: MemoryNeed?
  public var pci = PCI.none
  /// Virtual devices to create at start, in DPDK's own words, such as `net_null0,size=64`.
  public var deviceArguments: [String] = []
  /// Whether other programs can ask through DPDK's telemetry socket.
  public var hasTelemetrySocket = false
  /// Whether dpdk-dumpcap can attach and capture packets, which needs hugepages.
  public var allowsCapture = false

  public init(workerCores: [Int] = []) { self.workerCores = workerCores }

  var needsRuntimeFolder: Bool { hasTelemetrySocket || allowsCapture }

  /// What tells the process's files apart from those of others.
  func prefix(process: Int32) -> String { filePrefix ?? "sluice-\(process)" }

  /// What `rte_eal_init` is told. The main lcore, number 0, floats over `mainCores`; worker `n` is
  /// lcore `n + 1`, pinned to its core.
  func arguments(memory: Memory, mainCores: [Int], process: Int32) -> [String] {
    var arguments = ["sluice", "--main-lcore=0"]
    if !hasTelemetrySocket { arguments.append("--no-telemetry") }
    arguments.append("--file-prefix=" + prefix(process: process))
    let workers = workerCores.enumerated().map { "\($0.offset + 1)@\($0.element)" }
    let main = "0@(" + mainCores.map(String.init).joined(separator: ",") + ")"
    arguments.append("--lcores=" + ([main] + workers).joined(separator: ","))
    if memory.usesHugepages {
      // Hugepages are taken as they are needed, which starts sooner than taking all at once.
      // Other processes attach to them as files.
      if !allowsCapture { arguments.append("--in-memory") }
    } else {
      let megabytes = self.memory?.ordinary ?? Memory.ordinaryMegabytes
      arguments += ["--no-huge", "--no-shconf", "-m", "\(megabytes)"]
    }
    switch pci {
    case .none: arguments.append("--no-pci")
    case .only(let addresses): arguments += addresses.flatMap { ["-a", $0] }
    case .all: break
    }
    return arguments + deviceArguments.map { "--vdev=" + $0 }
  }
}
