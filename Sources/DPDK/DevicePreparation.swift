// SPDX-License-Identifier: BSD-3-Clause
import Glibc

extension Device {
  /// Asks the machine for what the device needs: DPDK's own complaints name no file and no fix.
  func prepare(_ options: PortOptions) throws(DPDKError) {
    switch kind {
    case .pci: try PCIDevice.find(target).checkUsable()
    case .pcap: try checkFiles(options.use)
    case .afPacket, .afXDP: try checkInterface(options)
    case .tap where KernelInterface(target) != nil:
      throw DPDKError(
        operation: "create interface \(target)", cause: "there is an interface of that name",
        advice: "choose another name, or use af_packet:\(target)")
    default: break
    }
  }

  private func checkFiles(_ use: Use) throws(DPDKError) {
    if use.contains(.receives), let file = inputFile, access(file, R_OK) != 0 {
      throw DPDKError(
        operation: "read capture file \(file)", cause: String(cString: strerror(errno)),
        advice: nil)
    }
    guard use.contains(.transmits), let file = outputFile else { return }
    let slash = file.lastIndex(of: "/")
    let directory = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
    if access(directory, W_OK | X_OK) != 0 {
      throw DPDKError(
        operation: "write capture file \(file)",
        cause: "directory \(directory): " + String(cString: strerror(errno)), advice: nil)
    }
  }

  private func checkInterface(_ options: PortOptions) throws(DPDKError) {
    let interface = try KernelInterface.find(target)
    guard let mtu = options.mtu, mtu > interface.mtu else { return }
    throw DPDKError(
      operation: "use an MTU of \(mtu) on interface \(target)",
      cause: "the interface has an MTU of \(interface.mtu)",
      advice: "ip link set dev \(target) mtu \(mtu)")
  }

  /// What a user who is not root lacks for this kind of device.
  var privilege: String? {
    guard geteuid() != 0 else { return nil }
    switch kind {
    case .afPacket: return "run as root, or with the capability CAP_NET_RAW"
    case .tap: return "run as root, or with the capability CAP_NET_ADMIN"
    case .afXDP: return "run as root, or with the capabilities CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF"
    case .pci, .dpdk: return "run as root, or let this user have the device's files in /dev/vfio"
    default: return nil
    }
  }
}
