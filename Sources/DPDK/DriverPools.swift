// SPDX-License-Identifier: BSD-3-Clause

/// Pools of ports whose driver never gives its last buffers back: net_af_xdp (22.11) forgets the
/// 2048 of each queue that the kernel holds. With a pool of their own, no other pool lacks them.
enum DriverPools {
  // Ports are opened and closed by the control thread alone.
  nonisolated(unsafe) private static var pools: [PacketPool] = []
  nonisolated(unsafe) private static var openPorts = 0

  /// The port's own pool, or the caller's where the driver gives everything back.
  static func pool(
    for device: Device, _ options: PortOptions, instead pool: PacketPool
  ) throws(DPDKError) -> PacketPool {
    guard let packets = packets(of: device, options) else { return pool }
    let own = try PacketPool(
      name: "of \(device)", packets: packets, dataRoom: min(pool.dataRoom, largestRoom))
    pools.append(own)
    return own
  }

  /// How many buffers the port has for itself: for a queue, those that the kernel holds and as many
  /// as may be on their way.
  static func packets(of device: Device, _ options: PortOptions) -> Int? {
    guard device.kind == .afXDP else { return nil }
    return 8191 * PortPlan.queues(of: device.kind, options).receive
  }

  /// The kernel takes a buffer only with all that DPDK puts around it in one page of 4 KB.
  static let largestRoom = 3840
  /// The kernel keeps room for itself, too; a frame has a header and two VLAN tags.
  static let longestMTU = largestRoom - PacketPool.headroom - 256 - 22

  static func portOpened() { openPorts += 1 }

  /// A packet may lie in any other port's queue: so the pools go with the last port.
  static func portClosed() {
    openPorts -= 1
    if openPorts == 0 { pools = [] }
  }
}

extension Device {
  /// The memory that a port of this device takes for itself beside the pools that ports share.
  public func ownPool(_ options: PortOptions, dataRoom: Int) -> MemoryNeed? {
    DriverPools.packets(of: self, options).map {
      PacketPool.memory(packets: $0, dataRoom: min(dataRoom, DriverPools.largestRoom))
    }
  }
}
