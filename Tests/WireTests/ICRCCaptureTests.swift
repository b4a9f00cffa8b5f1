// SPDX-License-Identifier: BSD-3-Clause
import Testing

/// The ICRCs that other people's network cards, adapters and kernels sent.
@Suite(.enabled(if: SharedCaptures.areHere, "needs the shared captures"))
struct ICRCCaptureTests {
  /// A capture of Soft-RoCE, and what its index says of it.
  struct Capture: CustomTestStringConvertible {
    let file: String
    let good: Int
    let bad: Int

    var testDescription: String { file }
  }

  static let softRoCE: [Capture] = {
    let index = CapturedPacket.contents(of: SharedCaptures.folder + "/rxe/index.tsv")
    let rows = String(decoding: index, as: UTF8.self).split(separator: "\n").dropFirst()
    return rows.compactMap { row in
      let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
      guard cells.count > 7, let good = Int(cells[6]), let bad = Int(cells[7]) else { return nil }
      return Capture(file: String(cells[0]), good: good, bad: bad)
    }
  }()

  @Test(arguments: softRoCE)
  func packetsOfLinuxKernelsHaveTheICRCsOfTheIndex(_ capture: Capture) {
    let frames = PcapFile.packets(in: "/rxe/" + capture.file)
    let packets = frames.compactMap { RoCEPacket(frame: $0) }
    #expect(packets.count { $0.icrc == $0.stored } == capture.good)
    #expect(packets.count { $0.icrc != $0.stored } == capture.bad)
  }

  @Test(arguments: ["oferby-roce", "FlashBarryAllen-InfiniBandPacket"])
  func packetsOfNetworkCardsHaveTheirICRCs(_ name: String) {
    let frames = PcapFile.packets(in: "/public/\(name).pcap")
    let packets = frames.compactMap { RoCEPacket(frame: $0) }
    #expect(!packets.isEmpty)
    #expect(packets.allSatisfy { $0.icrc == $0.stored })
  }

  /// Without a GRH the virtual lane of the LRH is left out, with one all of the LRH.
  @Test(arguments: [(RoCEPacket.Start.lrh, 37), (.grh, 6)])
  func packetsOfInfiniBandHaveTheirICRCs(_ start: RoCEPacket.Start, _ count: Int) {
    let packets = Self.infiniBand.filter { $0.start == start }
    #expect(packets.count == count)
    #expect(packets.allSatisfy { $0.icrc == $0.stored })
  }

  /// Behind 16 bytes of ERF: LRH, perhaps GRH, BTH and so on, ICRC, and the variant CRC.
  static let infiniBand: [RoCEPacket] = {
    let records = PcapFile.packets(in: "/public/realjimmy-wireshark-infiniband.pcap")
    return records.compactMap { record in
      let packet = record.dropFirst(16)
      guard packet.count > 8 else { return nil }
      let lrh = Array(packet.prefix(8))
      let length = 4 * (Int(lrh[4] & 0x07) << 8 | Int(lrh[5]))
      let hasGRH = lrh[1] & 0x03 == 3
      return hasGRH
        ? RoCEPacket(.grh, packet.prefix(length).dropFirst(8))
        : RoCEPacket(.lrh, packet.prefix(length))
    }
  }()
}

/// Reads the pcap files of little-endian machines.
enum PcapFile {
  static func packets(in name: String) -> [[UInt8]] {
    let file = CapturedPacket.contents(of: SharedCaptures.folder + name)
    var packets: [[UInt8]] = []
    var place = 24
    while place + 16 <= file.count {
      let size = (0..<4).reduce(0) { $0 | Int(file[place + 8 + $1]) << (8 * $1) }
      packets.append(Array(file[(place + 16)..<(place + 16 + size)]))
      place += 16 + size
    }
    return packets
  }
}
