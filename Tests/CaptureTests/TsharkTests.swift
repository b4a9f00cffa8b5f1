// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Testing
import Wire

/// What is written, as Wireshark's tools read it.
@Suite(.enabled(if: isInstalled("tshark") && isInstalled("capinfos"), "tshark is not installed"))
struct TsharkTests {
  let folder = TemporaryFolder()

  func write(_ packets: [ReadPacket], _ name: String, comments: [String] = []) throws -> String {
    let writer = try CaptureWriter(path: folder.place(name))
    let ids = comments.map(writer.comment)
    for (index, packet) in packets.enumerated() {
      try writer.write(packet, comment: ids.isEmpty ? .none : ids[index % ids.count])
    }
    try writer.finish()
    return writer.path
  }

  func fields(_ names: String..., of path: String) -> [[String]] {
    let list = names.map { "-e \($0)" }.joined(separator: " ")
    return output(of: "tshark -r \(path) -T fields \(list) 2>/dev/null")
      .split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
  }

  @Test func commentsAreSeenByTshark() throws {
    let comments = ["sent: host", "dropped: tenant-blocked", "verdict \u{2192} é"]
    let packets = (0..<6).map { ReadPacket(Array(repeating: UInt8($0), count: 60 + $0)) }
    let path = try write(packets, "out.pcapng", comments: comments)
    #expect(fields("frame.comment", of: path).map { $0[0] } == comments + comments)
  }

  @Test(arguments: CaptureFormat.allCases)
  func timesAndLengthsAreSeenByTshark(format: CaptureFormat) throws {
    let packet = ReadPacket(Array(repeating: 0, count: 60), at: 1_700_000_000_000_000_001, of: 1082)
    let path = try write([packet], "out." + format.rawValue)
    let seen = fields("frame.time_epoch", "frame.len", "frame.cap_len", of: path)
    #expect(seen == [["1700000000.000000001", "1082", "60"]])
  }

  @Test func severalLinkTypesInOnePcapngAreSeenByTshark() throws {
    let known = LinkType.allCases.filter { $0 != .infiniband }  // unknown to tshark 4.0
    let types = known + known
    let packets = types.map { ReadPacket(Array(repeating: 0x45, count: 60), $0) }
    let path = try write(packets, "out.pcapng")
    // Wireshark's own numbers of these link types.
    let numbers = ["1", "7", "25", "210", "15"]
    #expect(fields("frame.encap_type", of: path).map { $0[0] } == numbers + numbers)
  }

  @Test func theApplicationIsNamedAndNothingOfTheMachine() throws {
    let path = try write([ReadPacket([1])], "out.pcapng")
    let report = output(of: "capinfos -M \(path) 2>/dev/null")
    #expect(report.contains("Capture application: sluice"))
    #expect(!report.contains("Capture oper-sys"))
    #expect(!report.contains("Capture hardware"))
  }

  @Test(arguments: CaptureFormat.allCases)
  func emptyFilesAreFilesForCapinfos(format: CaptureFormat) throws {
    let path = try write([], "out." + format.rawValue)
    #expect(output(of: "capinfos -rT -c -E \(path)") == "\(path)\tether\t0\n")
  }
}
