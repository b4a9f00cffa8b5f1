// SPDX-License-Identifier: BSD-3-Clause

/// A kind of device that a port can be, by the prefix of its device string.
public struct DeviceKind: Sendable, Equatable {
  /// What a device string of this kind begins with, without the colon.
  public let prefix: String
  /// The DPDK driver behind it, or nil when the device decides that itself.
  public let driver: String?
  public let summary: String
  public let example: String
  /// Its queues, and what limits its packets.
  public let supports: String

  /// What follows the prefix, as people would call it, and the driver's argument that takes it.
  let target: String?
  let targetKey: String?
  /// Words without a value, and what the driver is told instead.
  let flags: [String: String]
  /// The words that may have a value; nil when only the device knows them.
  let keys: [String]?
  /// The driver's argument for the number of queues, which it then has in both directions.
  let queueKey: String?
  /// The driver receives and transmits on the same number of queues.
  let pairsQueues: Bool
  /// The driver chains buffers without being told to, and without saying that it can.
  let chainsUnasked: Bool
  /// The driver carries frames longer than it admits to: what limits them is elsewhere.
  let hidesLargeFrames: Bool

  private init(
    _ prefix: String, driver: String?, _ summary: String, example: String, supports: String,
    target: String? = nil, targetKey: String? = nil, flags: [String: String] = [:],
    keys: [String]? = nil, queueKey: String? = nil,
    pairsQueues: Bool = false, chainsUnasked: Bool = false, hidesLargeFrames: Bool = false
  ) {
    self.prefix = prefix
    self.driver = driver
    self.summary = summary
    self.example = example
    self.supports = supports
    self.target = target
    self.targetKey = targetKey
    self.flags = flags
    self.keys = keys
    self.queueKey = queueKey
    self.pairsQueues = pairsQueues || queueKey != nil
    self.chainsUnasked = chainsUnasked
    self.hidesLargeFrames = hidesLargeFrames
  }

  public static let pci = DeviceKind(
    "pci", driver: nil, "a network card, by its PCI address", example: "pci:0000:3b:00.0",
    supports: "what the card has",
    target: "address")
  static let null = DeviceKind(
    "null", driver: "net_null", "packets without content from nowhere, and to nowhere",
    example: "null:size=1024",
    supports: "1024 queues, packets of one size", flags: ["copy": "copy=1", "no-rx": "no-rx=1"],
    keys: ["size", "copy", "no-rx"], chainsUnasked: true)
  static let pcap = DeviceKind(
    "pcap", driver: "net_pcap", "a capture file to receive from, or to send to",
    example: "pcap:in=a.pcap,out=b.pcap",
    supports: "1 queue, packets of any size", target: "file", flags: ["infinite": "infinite_rx=1"],
    keys: ["in", "out", "infinite_rx"], chainsUnasked: true)
  static let ring = DeviceKind(
    "ring", driver: "net_ring", "a queue in memory, alone or as a cable between two ports",
    example: "ring:rx=east,tx=west",
    supports: "16 queues, packets of any size", target: "name", keys: ["rx", "tx"],
    chainsUnasked: true)
  static let afPacket = DeviceKind(
    "af_packet", driver: "net_af_packet", "an interface of the kernel's, through a packet socket",
    example: "af_packet:eth0",
    supports: "queues in pairs, packets up to the interface's MTU", target: "interface",
    targetKey: "iface", keys: ["qpairs", "blocksz", "framesz", "framecnt", "qdisc_bypass"],
    queueKey: "qpairs",
    hidesLargeFrames: true)
  static let afXDP = DeviceKind(
    "af_xdp", driver: "net_af_xdp", "an interface of the kernel's, through XDP sockets",
    example: "af_xdp:eth0",
    supports: "a queue for each of the interface's, MTU up to 3434", target: "interface",
    targetKey: "iface",
    keys: ["start_queue", "queue_count", "shared_umem", "xdp_prog", "busy_budget", "force_copy"],
    queueKey: "queue_count")
  static let tap = DeviceKind(
    "tap", driver: "net_tap", "a new interface in the kernel, for as long as the port is open",
    example: "tap:sluice0",
    supports: "16 queues in pairs, MTU up to 9600", target: "interface", targetKey: "iface",
    keys: ["remote", "mac"], pairsQueues: true,
    chainsUnasked: true, hidesLargeFrames: true)
  static let vhost = DeviceKind(
    "vhost", driver: "net_vhost", "a virtual machine's virtio card, over a vhost-user socket",
    example: "vhost:/run/vm0.sock,client",
    supports: "queues in pairs, MTU up to 9600", target: "socket", targetKey: "iface",
    flags: ["client": "client=1"],
    keys: [
      "queues", "client", "iommu-support", "postcopy-support", "tso", "linear-buffer", "ext-buffer",
      "legacy-ol-flags",
    ], queueKey: "queues", chainsUnasked: true)
  static let virtioUser = DeviceKind(
    "virtio_user", driver: "net_virtio_user",
    "a virtio card of another program, or of the kernel's vhost-net",
    example: "virtio_user:/run/vm0.sock",
    supports: "queues in pairs, MTU up to 9600", target: "path", targetKey: "path",
    flags: ["server": "server=1"],
    keys: [
      "mac", "cq", "queue_size", "queues", "iface", "server", "mrg_rxbuf", "in_order", "packed_vq",
      "speed", "vectorized",
    ], queueKey: "queues")
  static let memif = DeviceKind(
    "memif", driver: "net_memif", "memory shared with another program, such as VPP",
    example: "memif:/run/memif.sock,role=client,id=0",
    supports: "255 queues, packets of any size", target: "socket",
    keys: ["id", "role", "bsize", "rsize", "mac", "secret", "zero-copy"],
    chainsUnasked: true,
    hidesLargeFrames: true)
  public static let dpdk = DeviceKind(
    "dpdk", driver: nil, "any device, in DPDK's own words", example: "dpdk:net_null0,size=64",
    supports: "what the device has",
    target: "device arguments")

  /// Every kind, in the order of the documentation.
  public static let all = [
    pci, null, pcap, ring, afPacket, afXDP, tap, vhost, virtioUser, memif, dpdk,
  ]

  /// Whether this machine's DPDK has the driver; a card's driver is known once it is found.
  public var isPresent: Bool {
    guard let driver else { return true }
    return DriverFile.present.contains { $0.provides(driver) }
  }
}
