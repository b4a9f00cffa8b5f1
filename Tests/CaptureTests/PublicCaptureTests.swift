// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing

/// Captures that nobody here made, held against tshark's reading of them.
struct PublicCaptureTests {
  static let folder = sharedCaptures + "/public"
  static let isThere = access(folder + "/index.tsv", R_OK) == 0

  /// From the index: file, link type as libpcap numbers it, number of packets.
  struct Entry: CustomTestStringConvertible {
    let file: String
    let linkType: Int
    let packets: Int
    var testDescription: String { file }
    var path: String { PublicCaptureTests.folder + "/" + file }
  }

  static let entries: [Entry] = {
    let lines = String(decoding: contents(of: folder + "/index.tsv"), as: UTF8.self)
    return lines.split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      let number = columns[7].split { !$0.isNumber }.last.flatMap { Int($0) }
      guard let packets = Int(columns[8]) else { return nil }
      return Entry(file: String(columns[0]), linkType: number ?? 1, packets: packets)
    }
  }()

  static let supported: Set = [0, 1, 101, 108, 113, 197, 228, 229, 247, 276]
  static let foreign = ["realjimmy-wireshark-Ethernet_Pause_Frame.cap"]
  static let readable = entries.filter {
    supported.contains($0.linkType) && !foreign.contains($0.file)
      && !$0.file.hasSuffix(".gz")
  }

  @Test(.enabled(if: isThere, "the shared captures are not here"), arguments: readable)
  func eachPacketIsRead(entry: Entry) {
    let reading = Reading(entry.path)
    #expect(reading.packets.count == entry.packets)
    #expect(reading.error == nil)
  }

  @Test(
    .enabled(if: isThere, "the shared captures are not here"),
    arguments: entries.filter { entry in !readable.contains { $0.file == entry.file } })
  func whatCannotBeReadIsRefusedByName(entry: Entry) throws {
    let problem = try #require(Reading(entry.path).error).problem
    if entry.file.hasSuffix(".gz") {
      #expect(problem == "it is compressed with gzip")
    } else if Self.foreign.contains(entry.file) {
      #expect(problem == "unknown file format")
    } else {
      #expect(problem.hasPrefix("link type ") && problem.hasSuffix(" is not supported"))
    }
  }

  /// One of each link type and format, and the oddest; tshark takes a while to start.
  static let compared = [
    "oferby-roce.pcap", "realjimmy-wireshark-infiniband.pcap", "OISF-decode-sll2-01.pcap",
    "the-tcpdump-group-LINKTYPE_IPV6.pcap", "the-tcpdump-group-LINKTYPE_RAW_ipv4.pcap",
    "the-tcpdump-group-LINKTYPE_IPV4_invalid.pcap", "the-tcpdump-group-time_2038_overflow.pcap",
    "the-tcpdump-group-timestamp_invalid_micro.pcap", "zeek-trunc-hdr.pcap",
    "zeek-vlan-pcp-dei.pcapng", "seladb-GrePackets.pcap", "seladb-ipv4-malformed.pcap",
    "the-tcpdump-group-mobility_opt_asan.pcap",
  ]

  /// libpcap cuts what is longer than the file's snap length, tshark does not.
  @Test(
    .enabled(if: isThere && isInstalled("tshark"), "tshark or the shared captures are missing"),
    arguments: readable.filter { compared.contains($0.file) })
  func timesAndLengthsAreThoseThatTsharkReads(entry: Entry) throws {
    let snapLength = try CaptureReader(path: entry.path).snapLength
    let fields = "-e frame.time_epoch -e frame.len -e frame.cap_len"
    let lines = output(of: "tshark -r '\(entry.path)' -T fields \(fields) 2>/dev/null")
    let expected = lines.split(separator: "\n").map { line in
      let numbers = line.split { $0 == "." || $0 == "\t" }.compactMap { Int($0) }
      return [numbers[0] * 1_000_000_000 + numbers[1], numbers[2], min(numbers[3], snapLength)]
    }
    let ours = Reading(entry.path).packets.map {
      [Int($0.nanoseconds), $0.originalLength, $0.bytes.count]
    }
    #expect(ours == expected)
  }
}

/// Beside the package, wherever that is checked out.
let sharedCaptures: String = {
  let parts = #filePath.split(separator: "/").dropLast(4)
  return "/" + parts.joined(separator: "/") + "/shared/captures"
}()
