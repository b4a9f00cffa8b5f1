// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

/// Why this machine cannot give a port its device.
struct DeviceRefusal: Error {
  let cause: String
  let advice: String?

  init(_ cause: String, fix advice: String? = nil) {
    self.cause = cause
    self.advice = advice
  }

  func error(of port: String, _ device: Device) -> DPDKError {
    DPDKError(operation: "open port \(port) (\(device))", cause: cause, advice: advice)
  }
}

extension Device {
  /// Asks the machine for what the device needs: DPDK's own complaints name no file and no fix.
  func prepare(_ options: PortOptions) throws(DeviceRefusal) {
    switch kind {
    case .pci: try checkCard()
    case .pcap: try checkFiles(options.use)
    case .afPacket: try checkInterface(options)
    case .afXDP:
      try checkInterface(options)
      try checkXDP(options)
    case .tap where KernelInterface(target) != nil:
      throw DeviceRefusal(
        "there is an interface \(target) already",
        fix: "choose another name, or use af_packet:\(target)")
    case .virtioUser where !says("server"): try checkPeer()
    case .memif where isMemifClient && !target.hasPrefix("@"):
      try checkFolder(of: path, for: X_OK)
    case .vhost, .virtioUser, .memif: try servedSocket.map(checkSocket)
    default: break
    }
  }

  /// Throws where the kernel has no such card, or does not let go of it.
  public func checkCard(of port: String) throws(DPDKError) {
    guard kind == .pci else { return }
    do throws(DeviceRefusal) { try checkCard() } catch { throw error.error(of: port, self) }
  }

  private func checkCard() throws(DeviceRefusal) {
    do throws(DPDKError) {
      try PCIDevice.find(target).checkUsable()
    } catch {
      throw DeviceRefusal(error.cause, fix: error.advice)
    }
  }

  private func checkFiles(_ use: Use) throws(DeviceRefusal) {
    if use.contains(.receives), let file = inputFile, access(file, R_OK) != 0 {
      throw DeviceRefusal("\(file): " + String(cString: strerror(errno)))
    }
    if use.contains(.transmits), let file = outputFile { try checkFolder(of: file) }
  }

  /// Whether a file can be made there, or looked for.
  func checkFolder(of file: String, for access: Int32 = W_OK | X_OK) throws(DeviceRefusal) {
    let slash = file.lastIndex(of: "/")
    let directory = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
    if Glibc.access(directory, access) == 0 { return }
    let isMissing = errno == ENOENT
    throw DeviceRefusal(
      "directory \(directory): " + String(cString: strerror(errno)),
      fix: isMissing ? "make the directory, or choose another path" : "choose another path")
  }

  private func checkInterface(_ options: PortOptions) throws(DeviceRefusal) {
    guard let interface = KernelInterface(target) else {
      let names = KernelInterface.all().filter { !$0.isLoopback }.map(\.name)
      throw DeviceRefusal(
        "there is no interface \(target)",
        fix: names.isEmpty
          ? "this network namespace has only the loopback interface"
          : "the interfaces here are " + names.joined(separator: ", "))
    }
    guard let mtu = options.mtu, mtu > interface.mtu else { return }
    throw DeviceRefusal(
      "interface \(target) has an MTU of \(interface.mtu), the port asks for \(mtu)",
      fix: "ip link set dev \(target) mtu \(mtu)")
  }

  /// An XDP socket is bound to one of the interface's queues, and a packet lies in one page.
  private func checkXDP(_ options: PortOptions) throws(DeviceRefusal) {
    let mtu = options.mtu ?? interfaceMTU ?? 0
    if mtu > DriverPools.longestMTU {
      throw DeviceRefusal(
        "af_xdp: carries an MTU of at most \(DriverPools.longestMTU), "
          + (options.mtu == nil ? "interface \(target) has \(mtu)" : "the port asks for \(mtu)"),
        fix: "set a lower `mtu:` if no packet is longer, or use af_packet:\(target)")
    }
    let most = Int(cdpdk_interface_queues(target))
    let queues = PortPlan.queues(of: kind, options)
    let wanted = value("queue_count").flatMap { Int($0) } ?? max(queues.receive, queues.transmit)
    guard wanted > most else { return }
    throw DeviceRefusal(
      "interface \(target) has \(most) queue\(most == 1 ? "" : "s"), the port asks for \(wanted)",
      fix: "ask for \(most) at most, use fewer workers, or give the interface more: "
        + "ethtool -L \(target) combined \(wanted)")
  }
}
