// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Wire

/// Capture files of every kind that there is, and the packets in those of other people.
enum CaptureSamples {
  static let all = pcap + pcapng

  /// The first packets of a file as inputs of the parser's; none of a file that cannot be read.
  static func packets(of path: String, most: Int) -> [[UInt8]] {
    guard let reader = try? CaptureReader(path: path) else { return [] }
    var inputs: [[UInt8]] = []
    while inputs.count < most, let packet = try? reader.next() {
      inputs.append(
        FuzzedPacket.input(
          packet.bytes, isCut: packet.originalLength > packet.bytes.count, link: packet.linkType))
    }
    return inputs
  }

  private static let datagram = PacketSamples.ethernet(
    0x0800, PacketSamples.ipv4(17, PacketSamples.udp()))

  private static var pcap: [[UInt8]] {
    ByteOrder.allCases.flatMap { order in
      PacketSamples.all.map { sample in
        let isNanoseconds = sample.bytes.count % 2 == 0
        let link = UInt32(sample.link.fileNumber)
        let file = PcapFile(order: order, isNanoseconds: isNanoseconds, linkType: link)
        let record = file.record(sample.bytes, length: sample.bytes.count + 7)
        return file.header + record + record
      }
    }
  }

  /// An option, an unknown block, a packet without a header of its own, a second section.
  private static var pcapng: [[UInt8]] {
    ByteOrder.allCases.flatMap { order in
      ([nil, 3, 9, 0x8a] as [UInt8?]).map { resolution in
        let file = PcapngFile(order: order)
        let start = file.section + file.interface(resolution: resolution)
        let packets = file.packet(datagram, ticks: 1_700_000_000_000_000) + file.block(0xBAD, [1])
        var length = Bytes(order)
        length.put(UInt32(datagram.count))
        return start + packets + file.block(3, length.all + datagram) + file.section
      }
    }
  }
}
