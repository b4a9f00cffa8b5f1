// SPDX-License-Identifier: BSD-3-Clause
public import DPDK
import Testing

/// All tests that need DPDK running, one after the other: it starts once, and ports are global.
@Suite(.serialized)
public enum Running {}

/// DPDK as the tests share it: no hugepages, no cards, two workers on the first and last core.
public enum Environment {
  public static let result: Result<EAL, DPDKError> = {
    var options = EALOptions(workerCores: [Cores.available.first ?? 0, Cores.available.last ?? 0])
    options.hugepages = .never
    options.memory = MemoryNeed(megabytes: 256)
    do throws(DPDKError) {
      return .success(try EAL.start(options))
    } catch {
      return .failure(error)
    }
  }()

  public static var eal: EAL {
    get throws { try result.get() }
  }

  /// A pool that is checked to be complete after `body` has closed what it opened.
  public static func withPool(
    packets: Int = 1023, dataRoom: Int = PacketPool.dataRoom(forMTU: 1500),
    _ body: (PacketPool) throws -> Void
  ) throws {
    _ = try eal
    let pool = try PacketPool(name: "test", packets: packets, dataRoom: dataRoom)
    try body(pool)
    #expect(pool.isComplete, "\(pool.available) of \(pool.capacity) buffers came back")
    pool.close()
  }
}
