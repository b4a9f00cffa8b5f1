// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// How a port is configured: what it was asked for, held against what its driver has.
struct PortPlan {
  var settings = cdpdk_port_settings()
  var receiveDescriptors: UInt16 = 0
  var transmitDescriptors: UInt16 = 0
  /// What a user should know although it is no error.
  var remarks: [String] = []

  private let port: String
  private let kind: DeviceKind
  private let limits: cdpdk_port_limits

  init(
    port: String, device: Device, options: PortOptions, limits: cdpdk_port_limits, dataRoom: Int
  ) throws(DPDKError) {
    self.port = port
    kind = device.kind
    self.limits = limits
    try planQueues(options)
    try planDescriptors(options)
    try planPackets(options, room: dataRoom - PacketPool.headroom)
    try checkPacketSize(of: device, room: dataRoom - PacketPool.headroom)
  }

  private var driver: String { limits.driver.map { String(cString: $0) } ?? kind.prefix }

  private func lacks(_ what: String, advice: String? = nil) -> DPDKError {
    DPDKError(operation: "open port \(port)", cause: "\(driver) \(what)", advice: advice)
  }

  private mutating func planQueues(_ options: PortOptions) throws(DPDKError) {
    var (receive, transmit) = PortPlan.queues(of: kind, options)
    if options.allowsFewerTransmitQueues && !kind.pairsQueues {
      transmit = min(transmit, max(1, Int(limits.transmit_queues)))
    }
    let queues = [
      ("receive", receive, Int(limits.receive_queues)),
      ("transmit", transmit, Int(limits.transmit_queues)),
    ]
    for (direction, wanted, most) in queues where wanted > most {
      throw lacks(
        "has \(most) \(direction) queue\(most == 1 ? "" : "s"), the port asks for \(wanted)",
        advice: "ask for \(most) at most, or use fewer workers")
    }
    settings.receive_queues = UInt16(receive)
    settings.transmit_queues = UInt16(transmit)
    // A driver with queues in pairs has the other side spread the flows.
    guard options.receiveQueues > 1 && !kind.pairsQueues else { return }
    settings.spread_flows = limits.spreads_flows
    if !limits.spreads_flows {
      remarks.append("\(driver) does not spread flows over its \(receive) receive queues")
    }
  }

  /// A port always has a queue in each direction: not every driver starts without.
  static func queues(of kind: DeviceKind, _ options: PortOptions) -> (receive: Int, transmit: Int) {
    let receive = max(1, options.receiveQueues)
    let transmit = max(1, options.transmitQueues)
    return kind.pairsQueues
      ? (max(receive, transmit), max(receive, transmit)) : (receive, transmit)
  }

  private mutating func planDescriptors(_ options: PortOptions) throws(DPDKError) {
    receiveDescriptors = try descriptors(
      options.receiveDescriptors, "receive", limits.receive_descriptors_least,
      limits.receive_descriptors_most)
    transmitDescriptors = try descriptors(
      options.transmitDescriptors, "transmit", limits.transmit_descriptors_least,
      limits.transmit_descriptors_most)
  }

  private func descriptors(
    _ wanted: Int?, _ direction: String, _ least: UInt16, _ most: UInt16
  ) throws(DPDKError) -> UInt16 {
    guard let wanted else { return 0 }
    let least = max(least, 1)
    guard let count = UInt16(exactly: wanted), count >= least, count <= most else {
      throw lacks("has \(least) to \(most) \(direction) descriptors, the port asks for \(wanted)")
    }
    return count
  }

  private mutating func planPackets(_ options: PortOptions, room: Int) throws(DPDKError) {
    let mtu = options.mtu ?? 1500
    guard PortOptions.mtuRange.contains(mtu) else {
      throw DPDKError(
        operation: "open port \(port)", cause: "an MTU of \(mtu) is not between 68 and 9600",
        advice: nil)
    }
    let range = mtuRange
    if options.mtu != nil {
      guard kind.hidesLargeFrames || range.contains(mtu) else {
        throw lacks(
          "carries an MTU of \(range.lowerBound) to \(range.upperBound), the port asks for \(mtu)")
      }
      settings.mtu = UInt16(min(max(mtu, range.lowerBound), range.upperBound))
    }
    settings.chain_on_transmit = options.chainedBuffers && limits.chains_on_transmit
    if options.chainedBuffers && !limits.chains_on_transmit && !kind.chainsUnasked {
      throw lacks("cannot send a packet from a chain of buffers", advice: Self.unchain)
    }
    guard room < mtu + Self.framing else { return }
    guard options.chainedBuffers else {
      throw lacks("needs buffers of \(mtu + Self.framing) bytes, the pool's have \(max(room, 0))")
    }
    settings.chain_on_receive = limits.chains_on_receive
    if !limits.chains_on_receive && !kind.chainsUnasked {
      throw lacks("cannot receive a packet into a chain of buffers", advice: Self.unchain)
    }
  }

  /// Header and two VLAN tags.
  private static let framing = 22
  private static let unchain = "use one large buffer for each packet"

  /// DPDK compares whole frames: with the driver's own overhead, or 18 bytes when it has none.
  private var mtuRange: ClosedRange<Int> {
    let (most, frame) = (Int(limits.largest_mtu), Int(limits.largest_frame))
    let overhead = most != 65_535 && frame > most ? frame - most : 18
    let least = max(Int(limits.smallest_mtu), 68)
    return least...max(least, min(most, frame - overhead))
  }

  /// These drivers write or cut packets without a look at the buffer's size.
  private mutating func checkPacketSize(of device: Device, room: Int) throws(DPDKError) {
    if driver == "net_null" {
      let size = Self.packetSize(of: device)
      if let size, size <= room { return }
      throw lacks(
        "makes packets of \(size.map(String.init) ?? "too many") bytes, "
          + "the pool's buffers have \(max(room, 0))",
        advice: "give the port a larger MTU")
    }
    guard device.kind == .afPacket, device.value("framesz") == nil else { return }
    let longest = Device.longestPacketSocketFrame(dataRoom: room + PacketPool.headroom)
    if let interface = KernelInterface(device.target), interface.mtu + Self.framing > longest {
      remarks.append("packets of \(device.target) that are longer than \(longest) bytes are cut")
    }
  }

  /// What net_null is told, be it in DPDK's own words; nil when it is no number.
  private static func packetSize(of device: Device) -> Int? {
    let words = device.target.split(separator: ",").filter { $0.hasPrefix("size=") }
    let size = device.value("size") ?? words.last.map { String($0.dropFirst("size=".count)) }
    return size.map { Int($0) } ?? 64
  }
}
