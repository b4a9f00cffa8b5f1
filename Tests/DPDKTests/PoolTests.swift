// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import DPDK
import Testing

extension Running {
  @Suite struct PoolTests {
    @Test func newPoolIsComplete() throws {
      try Environment.withPool(packets: 100) { pool in
        #expect(pool.capacity == 100)
        #expect(pool.available == 100)
      }
    }

    @Test func heldPacketIsMissing() throws {
      try Environment.withPool { pool in
        var packet = try #require(cdpdk_allocate(pool.handle))
        #expect(pool.available == pool.capacity - 1)
        #expect(!pool.isComplete)
        cdpdk_free(&packet, 1)
      }
    }

    @Test func emptyPoolGivesNothing() throws {
      try Environment.withPool(packets: 8) { pool in
        var packets = (0..<8).compactMap { _ in cdpdk_allocate(pool.handle) }
        #expect(cdpdk_allocate(pool.handle) == nil)
        cdpdk_free(&packets, UInt32(packets.count))
      }
    }

    @Test func hugePoolIsRefusedWithItsSize() throws {
      _ = try Environment.eal
      let error = #expect(throws: DPDKError.self) {
        try PacketPool(name: "large", packets: 1_000_000, dataRoom: 2176)
      }
      #expect(error?.operation == "create pool large of 1000000 packets")
      #expect(
        error?.advice == "the pool takes about 3908 MB: set a lower `packets:`, or fewer `queues:`"
          + " and descriptors of ports; in hugepages the pool would take 2321 MB")
    }

    @Test(arguments: [(0, 2176), (-5, 2176), (10, 100), (10, 70_000), (Int.max, 2176)])
    func impossiblePoolsAreRefused(packets: Int, dataRoom: Int) throws {
      _ = try Environment.eal
      #expect(throws: DPDKError.self) {
        try PacketPool(name: "wrong", packets: packets, dataRoom: dataRoom)
      }
    }

    @Test func closedPoolHasNothing() throws {
      _ = try Environment.eal
      let pool = try PacketPool(name: "short", packets: 10, dataRoom: 2176)
      pool.close()
      pool.close()
      #expect(pool.available == 0)
    }

    @Test(arguments: [
      (1500, false, 2176), (9000, false, 9344), (9600, false, 10368), (9600, true, 2176),
      (-1, false, 2176), (Int.max, false, 33_920),
    ])
    func dataRoomHoldsTheMTU(mtu: Int, chained: Bool, room: Int) {
      #expect(PacketPool.dataRoom(forMTU: mtu, chained: chained) == room)
    }
  }

  @Suite struct RingTests {
    @Test func packetsComeOutInOrder() throws {
      try Environment.withPool { pool in
        let ring = try Ring(name: "order", capacity: 100)
        var packets = (0..<10).compactMap { _ in cdpdk_allocate(pool.handle) }
        #expect(cdpdk_ring_add(ring.handle, &packets, 10) == 10)
        var taken = packets
        taken.reverse()
        #expect(cdpdk_ring_take(ring.handle, &taken, 10) == 10)
        #expect(taken == packets)
        cdpdk_free(&taken, 10)
        ring.close()
      }
    }

    @Test func fullRingTakesWhatFits() throws {
      try Environment.withPool { pool in
        let ring = try Ring(name: "small", capacity: 5)
        var packets = (0..<10).compactMap { _ in cdpdk_allocate(pool.handle) }
        #expect(cdpdk_ring_add(ring.handle, &packets, 10) == 5)
        #expect(ring.count == 5)
        var rest = Array(packets[5...])
        cdpdk_free(&rest, 5)
        ring.close()
      }
    }

    @Test func closingGivesWaitingPacketsBack() throws {
      try Environment.withPool { pool in
        let ring = try Ring(name: "waiting", capacity: 200)
        var packets = (0..<150).compactMap { _ in cdpdk_allocate(pool.handle) }
        #expect(cdpdk_ring_add(ring.handle, &packets, 150) == 150)
        ring.close()
      }
    }

    @Test(arguments: [0, -1, Int.max])
    func impossibleRingsAreRefused(capacity: Int) throws {
      _ = try Environment.eal
      #expect(throws: DPDKError.self) { try Ring(name: "wrong", capacity: capacity) }
    }
  }
}
