// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import DPDK

/// The ports of a run: opened, started, and connected to programs that come late.
final class LivePorts {
  private let plan: NICPlan
  private let options: LiveOptions
  private let pools: [PacketPool]
  private let captures: LiveCaptures
  private let tell: (String) -> Void
  /// By their place in the file; without those that were not opened because the run ended before.
  private var opened: [Int: DPDK.Port] = [:]
  private var isWaitTold: Set<Int> = []
  private var failures: Set<String> = []
  /// When the first port began to wait for its peer.
  private(set) var waitStart: UInt64?
  /// What the run waited for until its end.
  private var vainWait: String?

  init(
    _ plan: NICPlan, _ options: LiveOptions, pools: [PacketPool], captures: LiveCaptures,
    tell: @escaping (String) -> Void
  ) {
    self.plan = plan
    self.options = options
    self.pools = pools
    self.captures = captures
    self.tell = tell
  }

  /// In the order of the file.
  var all: [DPDK.Port] { plan.ports.indices.compactMap { opened[$0] } }

  /// By the ports' places in the file.
  var statistics: [Int: DPDK.Port.Statistics] { opened.mapValues(\.statistics) }

  /// False when the run ended while a port waited for its peer.
  func open(workers: Int) throws(DPDKError) -> Bool {
    for index in plan.openingOrder {
      do throws(DPDKError) {
        opened[index] = try plan.openPort(
          index, workers: workers, pools: pools, captures: captures
        ) { goesOnWaiting(at: index) }
      } catch {
        if vainWait != nil { return false }
        throw error
      }
    }
    return true
  }

  private func goesOnWaiting(at index: Int) -> Bool {
    let port = plan.ports[index]
    let start = waitStart ?? WallClock.nanoseconds
    waitStart = start
    if isWaitTold.insert(index).inserted {
      tell("port \(port.name) waits for a peer at \(port.device); Ctrl-C ends it")
    }
    let isOver = options.seconds.map { WallClock.seconds(since: start) >= $0 } ?? false
    guard StopSignal.isRaised || isOver else { return true }
    vainWait = "port \(port.name): no peer came to \(port.device), so nothing was run"
    return false
  }

  func start() throws(DPDKError) {
    for port in all { try port.start() }
  }

  func tellWhatIsAwaited() {
    for port in all {
      if let awaited = port.awaited { tell("port \(port.name) waits for \(awaited)") }
    }
  }

  /// Connects ports whose peer has come, or come back, while no worker polls.
  func connect(pausing: (() -> Void) -> Void) {
    cdpdk_memif_reopen()
    // This driver sees that its peer has gone, and takes the next, when it is asked for its link.
    for port in all where port.device.waitsForPeer { _ = port.link }
    let ready = all.filter(\.canConnect)
    guard !ready.isEmpty else { return }
    pausing {
      for port in ready {
        do throws(DPDKError) {
          try port.connect()
        } catch {
          if failures.insert("\(error)").inserted { tell("\(error)") }
        }
      }
    }
  }

  func report(in report: inout Report) {
    for (index, port) in opened.sorted(by: { $0.key < $1.key }) {
      report.ports[index].driver = Report.DriverCounts(port.statistics)
      report.ports[index].link = port.link.text
      report.notes += port.remarks.map { "port \(port.name): \($0)" }
    }
    if let vainWait { report.notes.append(vainWait) }
  }

  func close() { opened.values.forEach { $0.close() } }
}
