// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// What a port's driver can do, at most.
struct PortLimits {
  let values: cdpdk_port_limits

  init(_ id: UInt16, port: String) throws(DPDKError) {
    var values = cdpdk_port_limits()
    let mark = LogMark()
    let code = cdpdk_port_limits_get(id, &values)
    guard code == 0 else { throw DPDKError("ask port \(port)", code: code, since: mark) }
    self.values = values
  }
}

extension Port {
  /// Whether a port's cable carries packets, and how fast.
  public struct Link: Sendable, Equatable {
    public let isUp: Bool
    /// Megabits per second, or nil when the driver does not know.
    public let megabits: Int?
    public let isFullDuplex: Bool
  }

  /// What the driver has counted since the port was made; some drivers count no bytes.
  public struct Statistics: Sendable, Equatable {
    public var receivedPackets: UInt64 = 0
    public var receivedBytes: UInt64 = 0
    public var sentPackets: UInt64 = 0
    public var sentBytes: UInt64 = 0
    /// Packets that came while no descriptor was free.
    public var missed: UInt64 = 0
    public var receiveErrors: UInt64 = 0
    public var sendErrors: UInt64 = 0
    /// Packets that could not be received because the pool was empty.
    public var withoutBuffer: UInt64 = 0

    public init() {}
  }

  public var link: Link {
    var link = cdpdk_link()
    guard isOpen, cdpdk_port_link(id, &link) == 0 else {
      return Link(isUp: false, megabits: nil, isFullDuplex: false)
    }
    // A packet socket's driver does not look whether its interface has a link.
    let carries = device.kind != .afPacket || KernelInterface(device.target)?.hasLink ?? false
    let known = link.megabits != 0 && link.megabits != .max
    return Link(
      isUp: link.up && carries, megabits: known ? Int(link.megabits) : nil,
      isFullDuplex: link.full_duplex)
  }

  public var statistics: Statistics {
    var counters = cdpdk_port_counters()
    guard isOpen, cdpdk_port_counters_get(id, &counters) == 0 else { return Statistics() }
    var statistics = Statistics()
    statistics.receivedPackets = counters.received_packets
    statistics.receivedBytes = counters.received_bytes
    statistics.sentPackets = counters.sent_packets
    statistics.sentBytes = counters.sent_bytes
    statistics.missed = counters.missed
    statistics.receiveErrors = counters.receive_errors
    statistics.sendErrors = counters.send_errors
    statistics.withoutBuffer = counters.no_buffer
    return statistics
  }

  /// The six bytes of the port's own Ethernet address, in the order of the wire.
  public var macAddress: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 6)
    guard isOpen else { return bytes }
    _ = bytes.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { cdpdk_port_address(id, $0) }
    }
    return bytes
  }

  public var driverName: String {
    limits?.driver.map { String(cString: $0) } ?? device.kind.driver ?? "unknown"
  }

  /// The NUMA node of the device, or nil when it has none.
  public var numaNode: Int? { limits.flatMap { $0.node < 0 ? nil : Int($0.node) } }

  public var maximumReceiveQueues: Int { limits.map { Int($0.receive_queues) } ?? 0 }

  public var maximumTransmitQueues: Int { limits.map { Int($0.transmit_queues) } ?? 0 }

  /// The MTU that the driver works with.
  public var mtu: Int {
    var mtu: UInt16 = 0
    return isOpen && cdpdk_port_mtu(id, &mtu) == 0 ? Int(mtu) : 0
  }

  private var limits: cdpdk_port_limits? {
    isOpen ? try? PortLimits(id, port: name).values : nil
  }

  /// What the driver supports, in words.
  public var capabilities: [String] {
    guard let limits else { return [] }
    var words = [
      "\(limits.receive_queues) receive queues", "\(limits.transmit_queues) transmit queues",
    ]
    if limits.spreads_flows { words.append("flows spread over queues") }
    if limits.chains_on_receive { words.append("chained buffers received") }
    if limits.chains_on_transmit { words.append("chained buffers sent") }
    if limits.largest_mtu != .max {
      words.append("MTU \(limits.smallest_mtu) to \(limits.largest_mtu)")
    }
    words += Self.names(limits.receive_offloads, "receive", cdpdk_receive_offload)
    words += Self.names(limits.transmit_offloads, "transmit", cdpdk_transmit_offload)
    return words
  }

  private static func names(
    _ bits: UInt64, _ direction: String, _ name: (UInt64) -> UnsafePointer<CChar>
  ) -> [String] {
    (0..<64).map { UInt64(1) << UInt64($0) }.filter { bits & $0 != 0 }.map { bit in
      let words = String(cString: name(bit)).lowercased().split(separator: "_")
      return "\(direction) " + words.joined(separator: " ")
    }
  }
}
