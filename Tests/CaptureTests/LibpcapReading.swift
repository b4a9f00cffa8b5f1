// SPDX-License-Identifier: BSD-3-Clause

import CPcap

/// What libpcap reads in a file, without any code of ours between.
struct LibpcapReading {
  struct Packet: Equatable {
    var bytes: [UInt8]
    var nanoseconds: UInt64
    var originalLength: Int
  }

  private(set) var packets: [Packet] = []
  /// Why it did not read to the end.
  private(set) var error: String?

  init(_ path: String) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    guard let handle = pcap_open_offline_with_tstamp_precision(path, precision, &text) else {
      error = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
      return
    }
    defer { pcap_close(handle) }
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    while true {
      let status = pcap_next_ex(handle, &header, &data)
      guard status == 1, let header = header?.pointee, let data else {
        if status != PCAP_ERROR_BREAK { error = String(cString: pcap_geterr(handle)) }
        return
      }
      packets.append(Self.packet(header, data))
    }
  }

  private static func packet(_ header: pcap_pkthdr, _ data: UnsafePointer<UInt8>) -> Packet {
    let seconds = UInt64(clamping: header.ts.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let sum = seconds.partialValue.addingReportingOverflow(UInt64(clamping: header.ts.tv_usec))
    return Packet(
      bytes: Array(UnsafeBufferPointer(start: data, count: Int(header.caplen))),
      nanoseconds: seconds.overflow || sum.overflow ? .max : sum.partialValue,
      originalLength: Int(max(header.len, header.caplen)))
  }
}

extension LibpcapReading.Packet {
  init(_ packet: ReadPacket) {
    self.init(
      bytes: packet.bytes, nanoseconds: packet.nanoseconds, originalLength: packet.originalLength)
  }
}
