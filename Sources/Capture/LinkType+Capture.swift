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
}

extension RecordContent {
  /// By libpcap's number of a link type (DLT_...).
  init(libpcap number: Int32) {
    switch number {
    case DLT_EN10MB: self = .packets(.ethernet)
    case DLT_RAW, DLT_IPV4, DLT_IPV6: self = .packets(.rawIP)
    case DLT_LINUX_SLL: self = .packets(.linuxCooked)
    case DLT_LINUX_SLL2: self = .packets(.linuxCooked2)
    case DLT_NULL, DLT_LOOP: self = .packets(.loopback)
    case DLT_INFINIBAND: self = .packets(.infiniband)
    case DLT_ERF: self = .endace
    default: self = .unsupported(Self.name(libpcap: number))
    }
  }

  /// By the number that files have (LINKTYPE_...), which is libpcap's but for some early ones.
  init(fileNumber: UInt16) {
    switch fileNumber {
    case 100: self.init(libpcap: DLT_ATM_RFC1483)
    case 101: self.init(libpcap: DLT_RAW)
    case 102: self.init(libpcap: DLT_SLIP_BSDOS)
    case 103: self.init(libpcap: DLT_PPP_BSDOS)
    default: self.init(libpcap: Int32(fileNumber))
    }
  }

  /// "SLIP (8)": libpcap's name and number.
  private static func name(libpcap number: Int32) -> String {
    guard let name = pcap_datalink_val_to_name(number) else { return "number \(number)" }
    return "\(String(cString: name)) (\(number))"
  }
}
