// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import DPDK
import Synchronization
import Testing

extension Running {
  @Suite struct WorkerTests {
    static let done = Atomic<Int>(0)
    static let total = 100_000

    /// Where a worker's packets come from and go to: pointers that outlive the worker.
    struct Ends: @unchecked Sendable {
      let ring: OpaquePointer
      let port: UInt16
    }

    @Test func twoWorkersHandPacketsOverARing() throws {
      try Environment.withPool(packets: 8191) { pool in
        let workers = try Environment.eal.workers
        let ring = try Ring(name: "between", capacity: 1024)
        let port = try Port.open(name: "null", device: try Device.parse("null:"), pool: pool)
        try port.start()
        let ends = Ends(ring: ring.handle, port: port.id)
        Self.done.store(0, ordering: .relaxed)
        try workers[0].launch { Self.receive(ends) }
        try workers[1].launch { Self.send(ends) }
        for worker in workers { worker.wait() }
        #expect(Self.done.load(ordering: .relaxed) >= Self.total)
        ring.close()
        port.close()
      }
    }

    static func receive(_ ends: Ends) {
      withBurst { packets in
        while done.load(ordering: .relaxed) < total {
          let count = UInt32(cdpdk_receive(ends.port, 0, packets, 64))
          let added = cdpdk_ring_add(ends.ring, packets, count)
          if added < count { cdpdk_free(packets + Int(added), count - added) }
        }
      }
    }

    static func send(_ ends: Ends) {
      withBurst { packets in
        while done.load(ordering: .relaxed) < total {
          let count = cdpdk_ring_take(ends.ring, packets, 64)
          let sent = cdpdk_send(ends.port, 0, packets, UInt16(count))
          done.add(Int(sent), ordering: .relaxed)
        }
      }
    }

    typealias Burst = UnsafeMutablePointer<UnsafeMutablePointer<cdpdk_mbuf>>

    static func withBurst(_ body: (Burst) -> Void) {
      let packets = Burst.allocate(capacity: 64)
      body(packets)
      packets.deallocate()
    }
  }
}
