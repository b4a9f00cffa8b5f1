// SPDX-License-Identifier: BSD-3-Clause

extension Device {
  /// What the device has to itself, in words that two devices share when only one of them can be
  /// opened; nil where any number of ports may have the same.
  public var belonging: String? {
    switch kind {
    case .pci: "card \(target)"
    case .afPacket, .afXDP: "interface \(target)"
    case .tap: "new interface \(target)"
    case .vhost: "\(says("client") ? "client" : "server") of socket \(path)"
    // Any number of ports may be cards of the kernel's.
    case .virtioUser where path.hasPrefix("/dev/"): nil
    case .virtioUser: "\(says("server") ? "server" : "client") of socket \(path)"
    case .memif: "\(value("role") ?? "") \(value("id") ?? "0") of socket \(path)"
    case .dpdk: Self.isPCIAddress(deviceName) ? "card \(deviceName)" : "device \(deviceName)"
    default: nil
    }
  }

  /// What DPDK calls a device that is given in its own words.
  var deviceName: String {
    let name = target.split(separator: ",").first.map(String.init) ?? target
    let address = PCIDevice.normalized(name)
    return Self.isPCIAddress(address) ? address : name
  }
}
