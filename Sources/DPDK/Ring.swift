// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// A queue that hands packets from any number of workers to one.
public final class Ring {
  public let name: String
  public let capacity: Int
  /// What the C functions want; valid until `close`.
  public let handle: OpaquePointer

  private var isOpen = true

  /// `shared` rings may be emptied by several workers, too.
  public init(
    name: String, capacity: Int, numaNode: Int? = nil, shared: Bool = false
  ) throws(DPDKError) {
    let operation = "create ring \(name) of \(capacity) packets"
    guard (1...(1 << 22)).contains(capacity) else {
      throw DPDKError(
        operation: operation, cause: "a ring has room for 1 to 4194304 packets", advice: nil)
    }
    try EAL.require(for: operation)
    let mark = LogMark()
    let created = cdpdk_ring_create(
      UniqueName.next("ring"), UInt32(capacity), Int32(numaNode ?? -1), shared)
    guard let created else {
      throw DPDKError(
        operation, code: cdpdk_last_error(), since: mark, advice: "give DPDK more memory")
    }
    self.name = name
    self.capacity = capacity
    handle = created
  }

  deinit { close() }

  /// How many packets wait in it.
  public var count: Int { isOpen && EAL.isRunning ? Int(cdpdk_ring_count(handle)) : 0 }

  /// Gives waiting packets back to their pools, and the memory to DPDK.
  public func close() {
    guard isOpen else { return }
    drain()
    isOpen = false
    if EAL.isRunning { cdpdk_ring_free(handle) }
  }

  /// Gives waiting packets back to their pools, and says how many there were.
  @discardableResult
  public func drain() -> Int {
    guard isOpen, EAL.isRunning else { return 0 }
    return withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<cdpdk_mbuf>.self, capacity: 64) {
      packets in
      guard let base = packets.baseAddress else { return 0 }
      var total = 0
      while true {
        let count = cdpdk_ring_take(handle, base, 64)
        if count == 0 { return total }
        cdpdk_free(base, count)
        total += Int(count)
      }
    }
  }
}
