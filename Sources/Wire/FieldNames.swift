// SPDX-License-Identifier: BSD-3-Clause

/// The names that some values of a field have.
public struct FieldNames: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let value: UInt64
  }
  public let entries: [Entry]
  /// Whether values without a name are printed in hexadecimal.
  public let isHexadecimal: Bool

  init(hexadecimal: Bool = false, _ names: KeyValuePairs<String, UInt64>) {
    entries = names.map { Entry(name: $0.key, value: $0.value) }
    isHexadecimal = hexadecimal
  }

  init(_ entries: [Entry], hexadecimal: Bool = false) {
    self.entries = entries
    isHexadecimal = hexadecimal
  }

  public func name(of value: UInt64) -> String? {
    entries.first { $0.value == value }?.name
  }

  /// Case does not matter.
  public func value(of name: String) -> UInt64? {
    let wanted = name.lowercased()
    return entries.first { $0.name.lowercased() == wanted }?.value
  }
}

extension FieldNames {
  /// RFC 3168 section 5.
  static let ecn = FieldNames(["Not-ECT": 0, "ECT(1)": 1, "ECT(0)": 2, "CE": 3])

  static let etherType = FieldNames(
    hexadecimal: true,
    [
      "IPv4": 0x0800, "ARP": 0x0806, "IPv6": 0x86dd, "VLAN": 0x8100, "QinQ": 0x88a8,
      "MPLS": 0x8847, "MAC-control": 0x8808, "LACP": 0x8809, "LLDP": 0x88cc, "PTP": 0x88f7,
      "FCoE": 0x8906, "RoCEv1": 0x8915,
    ])

  static let ipProtocol = FieldNames([
    "UDP": 17, "TCP": 6, "ICMP": 1, "ICMPv6": 58, "IGMP": 2, "IPv4": 4, "IPv6": 41, "GRE": 47,
    "ESP": 50, "AH": 51, "OSPF": 89, "PIM": 103, "VRRP": 112, "SCTP": 132, "UDP-Lite": 136,
    "Hop-by-hop": 0, "Routing": 43, "Fragment": 44, "No-next": 59, "Destination-options": 60,
  ])

  /// RFC 792, and what came after it.
  static let icmpType = FieldNames([
    "Echo-reply": 0, "Unreachable": 3, "Redirect": 5, "Echo": 8, "Router-advertisement": 9,
    "Router-solicitation": 10, "Time-exceeded": 11, "Parameter-problem": 12, "Timestamp": 13,
    "Timestamp-reply": 14,
  ])

  /// RFC 4443, RFC 4861 and RFC 3810.
  static let icmpv6Type = FieldNames([
    "Unreachable": 1, "Packet-too-big": 2, "Time-exceeded": 3, "Parameter-problem": 4,
    "Echo": 128, "Echo-reply": 129, "Router-solicitation": 133, "Router-advertisement": 134,
    "Neighbor-solicitation": 135, "Neighbor-advertisement": 136, "Redirect": 137,
    "Multicast-listener-report": 143,
  ])

  static let arpOperation = FieldNames(["Request": 1, "Reply": 2])

  static let icrcVerdict = FieldNames(
    ICRCVerdict.allCases.map { Entry(name: $0.name, value: UInt64($0.rawValue)) })

  static let color = FieldNames(
    PacketColor.allCases.map { Entry(name: $0.name, value: UInt64($0.rawValue)) })

  static let malformation = FieldNames(
    Malformation.allCases.map { Entry(name: $0.name, value: UInt64($0.rawValue)) })
}
