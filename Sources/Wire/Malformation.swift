// SPDX-License-Identifier: BSD-3-Clause

/// What can be wrong with a packet; each is a named reason that reports and counters show.
///
/// The numbers are kept for ever: a new case takes the next one.
@frozen
public enum Malformation: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  case none = 0
  case ethernetHeaderCut = 1
  case ethernetLength = 2
  case vlanHeaderCut = 3
  case vlanTooMany = 4
  case linuxCookedHeaderCut = 5
  case loopbackHeaderCut = 6
  case rawIPHeaderCut = 7
  case rawIPVersion = 8
  case arpHeaderCut = 9
  case ipv4HeaderCut = 10
  case ipv4Version = 11
  case ipv4HeaderLength = 12
  case ipv4TotalLength = 13
  case ipv4PacketCut = 14
  case ipv6HeaderCut = 15
  case ipv6Version = 16
  case ipv6PacketCut = 17
  case ipv6Jumbogram = 18
  case ipv6ExtensionCut = 19
  case ipv6ChainTooDeep = 20
  case udpHeaderCut = 21
  case udpLength = 22
  case tcpHeaderCut = 23
  case tcpDataOffset = 24
  case icmpHeaderCut = 25
  case icmpv6HeaderCut = 26
  case mplsHeaderCut = 27
  case mplsTooMany = 28
  case macControlCut = 29
  case lrhHeaderCut = 30
  case lrhVersion = 31
  case lrhLength = 32
  case grhHeaderCut = 33
  case grhVersion = 34
  case grhPacketCut = 35
  case bthHeaderCut = 36
  case bthVersion = 37
  case bthOpcode = 38
  case roceLength = 39
  case cmMessageCut = 40
  case vxlanHeaderCut = 41
  case geneveHeaderCut = 42
  case geneveOptionsCut = 43
  case greHeaderCut = 44
  case erspanHeaderCut = 45
  case gtpuHeaderCut = 46
  case gtpuLength = 47
  case gtpuExtensionCut = 48
  case gtpuExtensionLength = 49
  case gtpuChainTooDeep = 50
  case uetHeaderCut = 51
  case sesHeaderCut = 52
  case mpaPrivateData = 53
  case ddpHeaderCut = 54
  case ddpVersion = 55
  case rdmapVersion = 56
}
