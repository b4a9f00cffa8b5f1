// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc
import Synchronization

/// DPDK's environment: memory, and one pinned thread for each worker. It starts once per process.
public final class EAL: Sendable {
  /// Which memory is used, in words: `2 MB hugepages`, `ordinary memory, as asked`.
  public let memory: String
  public let usesHugepages: Bool
  /// The threads that packets are worked on, in the order of the options' cores.
  public let workers: [Lcore]
  public let clock: Clock

  /// DPDK's own name and version.
  public static var version: String { String(cString: cdpdk_version()) }

  private static let started = Atomic<Bool>(false)
  private static let running = Atomic<Bool>(false)
  private static let hugepages = Atomic<Bool>(false)

  /// Most workers that DPDK can have: RTE_MAX_LCORE without the main lcore.
  public static let maximumWorkers = 127

  public static func start(_ options: EALOptions) throws(DPDKError) -> EAL {
    let mainCores = Cores.available
    try check(options, available: mainCores)
    let memory = try Memory.choose(options.hugepages, need: options.memory)
    if options.allowsCapture { try HugepageFiles.check(memory) }
    guard !started.exchange(true, ordering: .relaxed) else {
      throw DPDKError(
        operation: "start DPDK", cause: "it has been started before in this process",
        advice: "start it once and share it")
    }
    let arguments = options.arguments(memory: memory, mainCores: mainCores, process: getpid())
    let calibration = Clock.Calibration()
    let mark = LogMark()
    let code = Quiet.withoutSignals { Quiet.withoutOutput { initialize(arguments, options) } }
    guard code == 0 else {
      throw DPDKError("start DPDK", code: code, since: mark, advice: advice(code, memory: memory))
    }
    hugepages.store(memory.usesHugepages, ordering: .relaxed)
    running.store(true, ordering: .releasing)
    if options.needsRuntimeFolder { RuntimeFolder.removeAtEnd() }
    if options.allowsCapture {
      HugepageFiles.removeAtEnd(prefix: options.prefix(process: getpid()))
      let code = cdpdk_capture_allow()
      if code != 0 { throw DPDKError("let others capture packets", code: code, since: mark) }
    }
    return EAL(memory: memory, cores: options.workerCores, clock: calibration.clock())
  }

  private init(memory: Memory, cores: [Int], clock: Clock) {
    self.memory = memory.words
    usesHugepages = memory.usesHugepages
    workers = cores.enumerated().map { Lcore(index: $0.offset, core: $0.element) }
    self.clock = clock
  }

  /// Gives memory and devices back. Workers must be done; what is still open goes with it.
  public func stop() {
    guard Self.running.exchange(false, ordering: .acquiringAndReleasing) else { return }
    cdpdk_stop()
  }

  /// What other programs of DPDK's call this process: the name of its folder.
  public static var filePrefix: String {
    RuntimeFolder.path.split(separator: "/").last.map(String.init) ?? ""
  }

  /// Whether DPDK can be asked for anything: what is closed later than it must not ask.
  static var isRunning: Bool { running.load(ordering: .acquiring) }

  /// Whether this process's packet buffers lie in hugepages.
  static var hasHugepages: Bool { hugepages.load(ordering: .relaxed) }

  static func require(for operation: String) throws(DPDKError) {
    if isRunning { return }
    throw DPDKError(operation: operation, cause: "DPDK is not running", advice: nil)
  }

  private static func check(_ options: EALOptions, available: [Int]) throws(DPDKError) {
    let cores = options.workerCores
    if let missing = cores.first(where: { !available.contains($0) }) {
      throw DPDKError(
        operation: "use core \(missing)", cause: "it is not available to this process",
        advice: "choose among the cores \(Cores.list(available))")
    }
    if cores.count > maximumWorkers {
      throw DPDKError(
        operation: "start \(cores.count) workers", cause: "DPDK has \(maximumWorkers) at most",
        advice: "use fewer workers")
    }
    try options.memory?.check()
    guard case .only(let addresses) = options.pci else { return }
    for address in addresses { try PCIDevice.find(address).checkUsable() }
  }

  /// DPDK makes a directory for its run-time files even when it has none. There is no way to
  /// forbid that, but it may fail: so nothing is left behind, however the process ends, unless
  /// other programs shall find something in it.
  private static func initialize(_ arguments: [String], _ options: EALOptions) -> Int32 {
    let variable = "RUNTIME_DIRECTORY"
    let before = getenv(variable).map { String(cString: $0) }
    if !options.needsRuntimeFolder { setenv(variable, "/dev/null", 1) }
    defer { if let before { setenv(variable, before, 1) } else { unsetenv(variable) } }
    let affinity = CoreMask.current
    defer { affinity.apply() }
    // DPDK keeps pointers into its arguments: they are never freed.
    let words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: arguments.count + 1)
    for (index, argument) in arguments.enumerated() { words[index] = strdup(argument) }
    words[arguments.count] = nil
    return cdpdk_start(Int32(arguments.count), words)
  }

  private static func advice(_ code: Int32, memory: Memory) -> String? {
    switch -code {
    case EACCES, EPERM: "run as root, or without hugepages and PCI devices"
    case ENOMEM where memory.usesHugepages: "reserve more hugepages, or run without them"
    case ENOMEM: "ask for less memory"
    default: nil
    }
  }
}
