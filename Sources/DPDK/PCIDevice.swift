// SPDX-License-Identifier: BSD-3-Clause

/// A network device on the PCI bus, as the kernel describes it.
public struct PCIDevice: Sendable, Equatable {
  /// Domain, bus, device and function: `0000:3b:00.0`.
  public let address: String
  /// Vendor and device number: `15b3:101d`.
  public let identifier: String
  /// The driver that it is bound to, of the kernel or one that lets DPDK have it.
  public let driver: String?
  /// The NUMA node, or nil when the machine does not say.
  public let numaNode: Int?
  /// The kernel's network interfaces on it.
  public let interfaces: [String]

  /// Drivers that hand a device to a program such as this one.
  static let passThrough = ["vfio-pci", "uio_pci_generic", "igb_uio"]
  /// Drivers beside which DPDK works: these devices stay with the kernel.
  static let bifurcated = ["mlx5_core", "mlx4_core", "mana"]

  static let directory = "/sys/bus/pci/devices"

  /// All network devices, by address.
  public static func all() -> [PCIDevice] { all(in: directory) }

  static func all(in directory: String) -> [PCIDevice] {
    SystemFiles.names(in: directory).compactMap { PCIDevice($0, in: directory) }
      .filter { $0.isNetwork(in: directory) }
  }

  init?(_ address: String, in directory: String) {
    let path = "\(directory)/\(address)"
    guard let vendor = SystemFiles.text("\(path)/vendor"),
      let device = SystemFiles.text("\(path)/device")
    else { return nil }
    self.address = address
    identifier = "\(vendor.dropFirst(2)):\(device.dropFirst(2))"
    driver = SystemFiles.linkName("\(path)/driver")
    numaNode = SystemFiles.number("\(path)/numa_node").flatMap { $0 < 0 ? nil : $0 }
    interfaces = SystemFiles.names(in: "\(path)/net")
  }

  private func isNetwork(in directory: String) -> Bool {
    SystemFiles.text("\(directory)/\(address)/class")?.hasPrefix("0x02") ?? false
  }

  static func find(_ address: String, in directory: String = directory) throws(DPDKError)
    -> PCIDevice
  {
    let address = address.split(separator: ",").first.map(String.init) ?? address
    if let device = PCIDevice(normalized(address), in: directory) { return device }
    let present = all(in: directory).map(\.address)
    throw DPDKError(
      operation: "use PCI device \(address)", cause: "there is no device at that address",
      advice: present.isEmpty
        ? "this machine has no PCI network device"
        : "the network devices here are " + present.joined(separator: ", "))
  }

  /// The address with its domain, which people leave out.
  static func normalized(_ address: String) -> String {
    let lower = address.lowercased()
    return lower.filter { $0 == ":" }.count == 1 ? "0000:" + lower : lower
  }

  /// Throws when the kernel holds the device, so that DPDK would silently pass over it.
  func checkUsable() throws(DPDKError) {
    let operation = "use PCI device \(address)"
    let bind = "dpdk-devbind.py --bind=vfio-pci \(address)"
    guard let driver else {
      throw DPDKError(operation: operation, cause: "it is bound to no driver", advice: bind)
    }
    if Self.passThrough.contains(driver) || Self.bifurcated.contains(driver) { return }
    let interfaces = interfaces.isEmpty ? "" : " as " + interfaces.joined(separator: ", ")
    throw DPDKError(
      operation: operation,
      cause: "it is bound to the kernel's driver \(driver)\(interfaces)",
      advice: "\(bind) (the kernel then no longer has the interface)")
  }
}
