// SPDX-License-Identifier: BSD-3-Clause

extension Malformation {
  /// What reports and counters call it, such as `ipv4.header-cut`.
  public var name: String { text.name }

  /// One sentence for people.
  public var explanation: String { text.explanation }

  private var text: (name: String, explanation: String) {
    if rawValue < Malformation.arpHeaderCut.rawValue { return linkText }
    if rawValue >= Malformation.uetHeaderCut.rawValue { return messageText }
    if rawValue >= Malformation.vxlanHeaderCut.rawValue { return tunnelText }
    return rawValue < Malformation.mplsHeaderCut.rawValue ? networkText : fabricText
  }

  private var linkText: (name: String, explanation: String) {
    switch self {
    case .ethernetHeaderCut:
      ("ethernet.header-cut", "The packet ends within the 14 bytes of its Ethernet header.")
    case .ethernetLength:
      ("ethernet.length", "The 802.3 length field promises more bytes than the packet has.")
    case .vlanHeaderCut: ("vlan.header-cut", "The packet ends within a VLAN tag.")
    case .vlanTooMany: ("vlan.too-many", "The packet has more than four VLAN tags.")
    case .linuxCookedHeaderCut:
      ("linux-cooked.header-cut", "The packet ends within its Linux cooked capture header.")
    case .loopbackHeaderCut:
      ("loopback.header-cut", "The packet ends within the 4-byte loopback header.")
    case .rawIPHeaderCut: ("raw-ip.header-cut", "The packet has no bytes at all.")
    case .rawIPVersion: ("raw-ip.version", "The packet begins with neither IPv4 nor IPv6.")
    default: ("none", "Nothing is wrong with the packet.")
    }
  }

  private var networkText: (name: String, explanation: String) {
    switch self {
    case .arpHeaderCut: ("arp.header-cut", "The packet ends within its ARP header.")
    case .ipv4HeaderCut: ("ipv4.header-cut", "The packet ends within its IPv4 header.")
    case .ipv4Version: ("ipv4.version", "The IPv4 header's version is not 4.")
    case .ipv4HeaderLength:
      ("ipv4.header-length", "The IPv4 header claims to be shorter than 20 bytes.")
    case .ipv4TotalLength:
      ("ipv4.total-length", "The IPv4 total length is smaller than the IPv4 header.")
    case .ipv4PacketCut:
      ("ipv4.packet-cut", "The IPv4 total length promises more bytes than the packet has.")
    case .ipv6HeaderCut: ("ipv6.header-cut", "The packet ends within its IPv6 header.")
    case .ipv6Version: ("ipv6.version", "The IPv6 header's version is not 6.")
    case .ipv6PacketCut:
      ("ipv6.packet-cut", "The IPv6 payload length promises more bytes than the packet has.")
    case .ipv6Jumbogram:
      ("ipv6.jumbogram", "The IPv6 payload length is 0 with hop-by-hop options, as in jumbograms.")
    case .ipv6ExtensionCut:
      ("ipv6.extension-cut", "The packet ends within an IPv6 extension header.")
    case .ipv6ChainTooDeep:
      ("ipv6.chain-too-deep", "The IPv6 extension headers are more than 8, or over 2048 bytes.")
    default: transportText
    }
  }

  private var transportText: (name: String, explanation: String) {
    switch self {
    case .udpHeaderCut: ("udp.header-cut", "The packet ends within its UDP header.")
    case .udpLength:
      ("udp.length", "The UDP length is below 8, or promises more bytes than the packet has.")
    case .tcpHeaderCut: ("tcp.header-cut", "The packet ends within its TCP header.")
    case .tcpDataOffset:
      ("tcp.data-offset", "The TCP data offset is below 20 bytes, or past the packet's end.")
    case .icmpHeaderCut: ("icmp.header-cut", "The packet ends within its ICMP header.")
    default: ("icmpv6.header-cut", "The packet ends within its ICMPv6 header.")
    }
  }

  private var fabricText: (name: String, explanation: String) {
    switch self {
    case .mplsHeaderCut: ("mpls.header-cut", "The packet ends within an MPLS label.")
    case .mplsTooMany: ("mpls.too-many", "The MPLS label stack has more than 8 labels.")
    case .macControlCut:
      ("mac-control.cut", "The packet ends within its PAUSE or PFC frame.")
    case .lrhHeaderCut:
      ("lrh.header-cut", "The packet ends within the 8 bytes of its local route header.")
    case .lrhVersion: ("lrh.version", "The local route header's version is not 0.")
    case .lrhLength:
      ("lrh.length", "The local route header's length is below 8, or past the packet's end.")
    case .grhHeaderCut:
      ("grh.header-cut", "The packet ends within the 40 bytes of its global route header.")
    case .grhVersion: ("grh.version", "The global route header's version is not 6.")
    default: rdmaText
    }
  }

  private var rdmaText: (name: String, explanation: String) {
    switch self {
    case .grhPacketCut:
      ("grh.packet-cut", "The global route header promises more bytes than the packet has.")
    case .bthHeaderCut:
      ("bth.header-cut", "The packet ends within the 12 bytes of its base transport header.")
    case .bthVersion: ("bth.version", "The transport header's version is not 0.")
    case .bthOpcode: ("bth.opcode", "The opcode is one that no transport has.")
    case .roceLength:
      ("roce.length", "The packet is shorter than its headers, padding and invariant CRC.")
    default:
      ("cm.message-cut", "The packet is shorter than a message of the communication manager.")
    }
  }

  private var messageText: (name: String, explanation: String) {
    switch self {
    case .uetHeaderCut:
      ("uet.header-cut", "The packet is shorter than its Ultra Ethernet header.")
    case .sesHeaderCut:
      ("ses.header-cut", "The packet is shorter than the semantics header that it announces.")
    case .mpaPrivateData:
      ("mpa.private-data", "What starts the iWARP connection promises more than 512 private bytes.")
    case .ddpHeaderCut: ("ddp.header-cut", "The iWARP frame is shorter than its DDP header.")
    case .ddpVersion: ("ddp.version", "The DDP version of the iWARP frame is not 1.")
    default: ("rdmap.version", "The RDMAP version of the iWARP frame is not 1.")
    }
  }
}
