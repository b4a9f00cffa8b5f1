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
    case .vhost where !has("client"), .virtioUser where has("server"):
      ListeningSocket.removeIfStale(target)
    case .memif where value("role") == "server" && !target.hasPrefix("@"):
      ListeningSocket.removeIfStale(target)
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

/// A socket file that a process which was killed has left behind.
enum ListeningSocket {
  /// Removes the file when nobody listens there any more.
  static func removeIfStale(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
    if isRefused(path) { unlink(path) }
  }

  private static func isRefused(_ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    // A vhost-user socket is a stream, a memif socket a sequence of packets.
    return [SOCK_STREAM, SOCK_SEQPACKET].contains { type in
      let client = socket(AF_UNIX, Int32(type.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
      guard client >= 0 else { return false }
      defer { close(client) }
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      return result != 0 && errno == ECONNREFUSED
    }
  }
}
