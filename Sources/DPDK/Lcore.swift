// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// A worker's thread, pinned to its core, that waits until it is given something to run.
public struct Lcore: Sendable {
  /// The worker's place among the options' cores, from 0.
  public let index: Int
  public let core: Int

  // Lcore 0 is the main one: the control thread.
  private var number: UInt32 { UInt32(index) + 1 }

  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on the worker's thread, and returns at once.
  public func launch(_ body: @escaping @Sendable () -> Void) throws(DPDKError) {
    try EAL.require(for: "run worker \(index) on core \(core)")
    let work = Unmanaged.passRetained(Work(body))
    let mark = LogMark()
    let code = cdpdk_launch(
      number,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return 0
      }, work.toOpaque())
    guard code != 0 else { return }
    work.release()
    throw DPDKError("run worker \(index) on core \(core)", code: code, since: mark)
  }

  /// Waits until the worker's thread has nothing to run.
  public func wait() { if EAL.isRunning { cdpdk_wait(number) } }
}
