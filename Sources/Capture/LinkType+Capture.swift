// SPDX-License-Identifier: BSD-3-Clause

import CPcap
public import Wire

extension LinkType {
  /// The number that capture files have for it (LINKTYPE_..., the tcpdump group's list).
  public var fileNumber: UInt16 {
    switch self {
    case .ethernet: 1
    case .rawIP: 101
    case .linuxCooked: 113
    case .linuxCooked2: 276
    case .loopback: 0
    case .infiniband: 247
    }
  }

  /// What libpcap's number of a link type (DLT_...) is here, or nil when it is unsupported.
  init?(libpcap number: Int32) {
    switch number {
    case DLT_EN10MB: self = .ethernet
    case DLT_RAW, DLT_IPV4, DLT_IPV6: self = .rawIP
    case DLT_LINUX_SLL: self = .linuxCooked
    case DLT_LINUX_SLL2: self = .linuxCooked2
    case DLT_NULL, DLT_LOOP: self = .loopback
    case DLT_INFINIBAND: self = .infiniband
    default: return nil
    }
  }

  /// "SLIP (8)": libpcap's name and number.
  static func name(libpcap number: Int32) -> String {
    guard let name = pcap_datalink_val_to_name(number) else { return "number \(number)" }
    return "\(String(cString: name)) (\(number))"
  }
}
