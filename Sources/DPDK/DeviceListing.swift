// SPDX-License-Identifier: BSD-3-Clause

/// The devices that this machine has for ports, and the drivers there are for them.
public struct DeviceListing: Sendable {
  public let cards: [PCIDevice]
  /// Interfaces for `af_packet:` and `af_xdp:`.
  public let interfaces: [KernelInterface]
  public let drivers: [DriverFile]

  /// Asks the kernel and the file system; DPDK need not run.
  public static func current() -> DeviceListing {
    DeviceListing(
      cards: PCIDevice.all(), interfaces: KernelInterface.all(), drivers: DriverFile.present)
  }
}
