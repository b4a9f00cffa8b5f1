// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

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
    let verdicts = PcapFile.packets(in: "/rxe/" + capture.file).map { verdict(of: $0) }
    #expect(verdicts.count { $0 == .good } == capture.good)
    #expect(verdicts.count { $0 == .bad } == capture.bad)
  }

  @Test(arguments: ["oferby-roce", "FlashBarryAllen-InfiniBandPacket"])
  func packetsOfNetworkCardsHaveTheirICRCs(_ name: String) {
    let verdicts = PcapFile.packets(in: "/public/\(name).pcap").map { verdict(of: $0) }
    #expect(verdicts.contains(.good))
    #expect(!verdicts.contains(.bad))
  }

  private func verdict(of frame: [UInt8], link: LinkType = .ethernet) -> ICRCVerdict {
    let packet = CapturedPacket(bytes: frame, wireLength: frame.count, link: link)
    return ICRC.verdict(in: FieldPackets([packet]), at: 0)
  }

  /// Without a GRH the virtual lane of the LRH is left out, with one all of the LRH. The packets
  /// lie behind 16 bytes of ERF.
  @Test func packetsOfInfiniBandHaveTheirICRCs() {
    let records = PcapFile.packets(in: "/public/realjimmy-wireshark-infiniband.pcap")
    let verdicts = records.map { verdict(of: Array($0.dropFirst(16)), link: .infiniband) }
    #expect(verdicts == Array(repeating: .good, count: 43))
  }
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
