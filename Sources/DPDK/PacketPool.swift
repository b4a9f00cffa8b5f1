// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Synchronization

/// Packet buffers of one size, taken and given back by ports and stages.
public final class PacketPool {
  public let name: String
  /// How many buffers there are in all.
  public let capacity: Int
  /// The bytes of each buffer, the headroom in front of a packet included.
  public let dataRoom: Int
  /// What the C functions want; valid until `close`.
  public let handle: OpaquePointer

  private var isOpen = true

  /// The room that DPDK leaves in front of each packet, for headers to come: RTE_PKTMBUF_HEADROOM.
  public static let headroom = 128
  /// What DPDK spends for each buffer beside its data room: headers, padding, a place in the ring.
  private static let overhead = 256

  /// The data room for packets of a port's MTU, in one large buffer or in a chain of small ones.
  public static func dataRoom(forMTU mtu: Int, chained: Bool = false) -> Int {
    let small = 2048
    // Ethernet header, two VLAN tags, checksum, and what a packet socket puts in front; cards
    // count buffers in units of 1 KB.
    let frame = chained ? small : min(max(mtu, 0), 32_768) + 88
    return max(small, (frame + 1023) / 1024 * 1024) + headroom
  }

  /// A pool of at most 4 million buffers; `numaNode` nil takes memory from anywhere, as do all
  /// pools without hugepages: DPDK then takes its memory at once, and knows no nodes.
  public init(name: String, packets: Int, dataRoom: Int, numaNode: Int? = nil) throws(DPDKError) {
    let operation = "create pool \(name) of \(packets) packets"
    guard (1...(1 << 22)).contains(packets), (256...65_535).contains(dataRoom) else {
      throw DPDKError(
        operation: operation, cause: "a pool has 1 to 4194304 packets of 256 to 65535 bytes",
        advice: nil)
    }
    try EAL.require(for: operation)
    let mark = LogMark()
    // Enough for a few bursts of 64 in each worker, without starving the others of a small pool.
    let cache = UInt32(min(512, packets / 16))
    let node = EAL.hasHugepages ? numaNode : nil
    let created = cdpdk_pool_create(
      UniqueName.next("pool"), UInt32(packets), cache, UInt16(dataRoom), Int32(node ?? -1))
    guard let created else {
      throw DPDKError(
        operation, code: cdpdk_last_error(), since: mark,
        advice: Self.memory(packets: packets, dataRoom: dataRoom).advice)
    }
    self.name = name
    self.capacity = packets
    self.dataRoom = dataRoom
    handle = created
  }

  deinit { close() }

  /// The memory that a pool takes, for `EALOptions.memory`.
  public static func memory(packets: Int, dataRoom: Int) -> MemoryNeed {
    let buffer = dataRoom + overhead
    // Without hugepages no buffer crosses the border of two pages but one that is larger than them.
    let page = 4096
    let inPages = buffer > page ? (buffer + page - 1) / page * page : page / (page / buffer)
    return MemoryNeed(
      hugepages: megabytes(packets, of: buffer), ordinary: megabytes(packets, of: inPages))
  }

  private static func megabytes(_ packets: Int, of bytes: Int) -> Int {
    let (total, overflow) = packets.multipliedReportingOverflow(by: bytes)
    return overflow ? .max : (total >> 20) + cacheMegabytes
  }

  /// What a pool keeps for each thread that DPDK could have, whatever its size.
  private static let cacheMegabytes = 2

  /// How many buffers nobody holds at this moment.
  public var available: Int { isOpen && EAL.isRunning ? Int(cdpdk_pool_available(handle)) : 0 }

  /// Whether every buffer has come back.
  public var isComplete: Bool { available == capacity }

  /// Gives the memory back. Ports that use the pool must be closed, and no buffer be held.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    if EAL.isRunning { cdpdk_pool_free(handle) }
  }
}

/// Names for DPDK's objects, which are global, short and must differ.
enum UniqueName {
  private static let last = Atomic<Int>(0)

  static func next(_ kind: String) -> String {
    "\(kind)\(last.add(1, ordering: .relaxed).newValue)"
  }
}
