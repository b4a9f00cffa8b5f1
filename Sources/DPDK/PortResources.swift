// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

/// What a port holds of DPDK's and the kernel's, given back together and once.
final class PortResources {
  private var id: UInt16?
  // Ports are opened and closed by the control thread alone.
  nonisolated(unsafe) private static var idsInUse: Set<UInt16> = []
  private var cables: [String] = []
  /// The socket file that the port listens on.
  private var socket: String?
  /// Keeps a kernel interface in promiscuous mode for as long as it is open.
  private var promiscuousSocket: Int32 = -1
  /// The driver prints, instead of logging.
  private let isTalkative: Bool
  private var isHeld = true

  init(isTalkative: Bool) {
    self.isTalkative = isTalkative
    DriverPools.portOpened()
  }

  /// Makes the device, and returns the number of its port.
  func create(
    _ name: String, _ device: Device, _ options: PortOptions, _ pool: PacketPool,
    while goesOn: () -> Bool
  ) throws(DPDKError) -> UInt16 {
    try takeSocket(name, device)
    let mark = LogMark()
    var made = Made(name: "", arguments: device.text, code: 0)
    let (receive, transmit) = PortPlan.queues(of: device.kind, options)
    let queues = max(receive, transmit)
    switch device.kind {
    case .ring: made = try createRing(device, options, pool, queues: queues)
    case .pci, .dpdk:
      made.name = device.deviceName
      made.code = probe(device)
    default:
      made.name = UniqueName.next((device.kind.driver ?? "") + "_sluice")
      made.arguments = device.driverArguments(options, queues: queues, dataRoom: pool.dataRoom)
      made.code =
        device.waitsForPeer
        ? Patience.create(made.name, made.arguments, while: goesOn)
        : cdpdk_virtual_create(made.name, made.arguments)
    }
    var found: UInt16 = 0
    let result = made.code != 0 ? made.code : cdpdk_port_find(made.name, &found)
    guard result == 0 else { throw made.error(of: name, device, code: result, since: mark) }
    guard Self.idsInUse.insert(found).inserted else {
      throw DeviceRefusal("another port has this device", fix: "give each port a device of its own")
        .error(of: name, device)
    }
    id = found
    return found
  }

  /// A device that DPDK was told to make: its name, what it was told, and what came of it.
  private struct Made {
    var name: String
    var arguments: String
    var code: Int32

    func error(of port: String, _ device: Device, code: Int32, since mark: LogMark) -> DPDKError {
      var text: String?
      var advice = device.privilege
      // Drivers return -1 for anything, which would read as a lack of permission.
      if code == -1 {
        text = "the driver refuses `\(arguments)`"
        advice = advice ?? "DPDK's documentation of the driver has the arguments that it takes"
      }
      if code == -EFAULT && device.kind == .dpdk {
        text = "DPDK has no driver for `\(name)`"
        advice = "`sluice ports` lists the drivers; a device is called as its driver, and a number"
      }
      return DPDKError(
        "open port \(port) (\(device))", code: code, since: mark, advice: advice, text: text)
    }
  }

  private func takeSocket(_ name: String, _ device: Device) throws(DPDKError) {
    guard let path = device.servedSocket else { return }
    guard ListeningSocket.take(path) else {
      throw DeviceRefusal(
        "another process serves this socket", fix: "end that process, or choose another socket"
      ).error(of: name, device)
    }
    socket = path
  }

  /// DPDK has probed at start what it was allowed to then.
  private func probe(_ device: Device) -> Int32 {
    var found: UInt16 = 0
    if cdpdk_port_find(device.deviceName, &found) == 0 { return 0 }
    let arguments = device.arguments.map { ",\($0.key)=\($0.value ?? "1")" }.joined()
    return cdpdk_device_probe(device.target + arguments)
  }

  private func createRing(
    _ device: Device, _ options: PortOptions, _ pool: PacketPool, queues: Int
  ) throws(DPDKError) -> Made {
    let name = UniqueName.next("port")
    let capacity = options.transmitDescriptors ?? 1024
    let names = (device.value("rx") ?? device.target, device.value("tx") ?? device.target)
    let receive = try RingCables.take(names.0, capacity: capacity, pool: pool)
    cables.append(names.0)
    let transmit = try RingCables.take(names.1, capacity: capacity, pool: pool)
    cables.append(names.1)
    let code = cdpdk_ring_port(name, receive.handle, transmit.handle, UInt32(min(queues, 16)))
    return Made(name: "net_ring_" + name, arguments: device.text, code: code)
  }

  /// Does what only a configured device can; returns what a user should know of it.
  func finish(
    _ id: UInt16, _ device: Device, _ options: PortOptions
  ) throws(DPDKError) -> [String] {
    if device.kind == .tap, let mtu = options.mtu, let interface = KernelInterface(device.target),
      !interface.setMTU(mtu)
    {
      throw DPDKError(
        operation: "give interface \(device.target) an MTU of \(mtu)",
        cause: String(cString: strerror(errno)), advice: nil)
    }
    if device.kind == .afPacket { cdpdk_ignore_outgoing() }
    return options.promiscuous ? openForAll(id, device) : []
  }

  /// Has the port receive packets for any address.
  private func openForAll(_ id: UInt16, _ device: Device) -> [String] {
    let isOpen: Bool
    if device.kind == .afPacket || device.kind == .afXDP {
      // The driver would change the interface itself, and a killed process leave it so.
      promiscuousSocket = cdpdk_promiscuous_socket(device.target)
      isOpen = promiscuousSocket >= 0
    } else {
      // Virtual drivers receive everything, whether they know the word or not.
      isOpen = cdpdk_port_promiscuous(id, true) == 0 || device.kind.driver != nil
    }
    return isOpen ? [] : ["receives packets for its own address only: it cannot be promiscuous"]
  }

  func release() {
    guard isHeld else { return }
    isHeld = false
    Quiet.withoutOutput(when: isTalkative) {
      if let id, EAL.isRunning { cdpdk_port_close(id) }
    }
    if let id { Self.idsInUse.remove(id) }
    id = nil
    for name in cables { RingCables.leave(name) }
    cables = []
    if let socket { ListeningSocket.leave(socket) }
    socket = nil
    if promiscuousSocket >= 0 { close(promiscuousSocket) }
    promiscuousSocket = -1
    DriverPools.portClosed()
  }

  deinit { release() }
}
