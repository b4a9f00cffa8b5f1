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
    guard device.kind == .afXDP else { return pool }
    let queues = PortPlan.queues(of: device.kind, options).receive
    let own = try PacketPool(
      name: "of \(device)", packets: 8191 * queues, dataRoom: pool.dataRoom)
    pools.append(own)
    return own
  }

  static func portOpened() { openPorts += 1 }

  /// A packet may lie in any other port's queue: so the pools go with the last port.
  static func portClosed() {
    openPorts -= 1
    if openPorts == 0 { pools = [] }
  }
}
