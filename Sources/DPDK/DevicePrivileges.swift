// SPDX-License-Identifier: BSD-3-Clause
import Glibc

extension Device {
  /// What a user who is not root lacks for this kind of device.
  var privilege: String? {
    guard geteuid() != 0 else { return nil }
    switch kind {
    case .afPacket: return "run as root, or with the capability CAP_NET_RAW"
    case .tap: return "run as root, or with the capability CAP_NET_ADMIN"
    case .afXDP: return "run as root, or with the capabilities CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF"
    case .pci: return "run as root, or let this user have the device's files in /dev/vfio"
    case .dpdk: return likeness?.privilege
    default: return nil
    }
  }

  /// A device of the kind that these words of DPDK's make, for what both have in common.
  var likeness: Device? {
    let kind =
      Self.isPCIAddress(deviceName)
      ? DeviceKind.pci : DeviceKind.all.first { $0.driver.map(deviceName.hasPrefix) ?? false }
    return kind.map { Device(text: text, kind: $0, target: target, arguments: []) }
  }
}
