// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Wire

/// What tshark reads in Ethernet packets that are handed to it.
enum FieldTshark {
  /// One line for each packet, one column for each field: its first value or, with `occurrence` a,
  /// all of them and commas in between; empty when absent.
  /// - Parameter more: other options of tshark's.
  static func read(
    _ packets: [CapturedPacket], _ fields: [String], occurrence: Character = "f",
    more: String = ""
  ) -> [[Substring]] {
    let path = "/tmp/sluice-fields-\(getpid())-\(fields.hashValue).pcap"
    guard let file = fopen(path, "w") else { return [] }
    let contents = capture(packets)
    let written = fwrite(contents, 1, contents.count, file)
    fclose(file)
    defer { unlink(path) }
    guard written == contents.count else { return [] }
    let options = [
      "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
      "ip.check_checksum:TRUE", "udp.check_checksum:TRUE", "tcp.check_checksum:TRUE",
      "tcp.relative_sequence_numbers:FALSE",
    ]
    let command =
      "tshark -n -r \(path) -d udp.port==8472,vxlan -T fields -E occurrence=\(occurrence) \(more)"
      + options.map { "-o \($0) " }.joined() + fields.map { "-e \($0) " }.joined()
    return SharedCaptures.lines(of: command).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
  }

  /// A little-endian pcap file of link type 1.
  private static func capture(_ packets: [CapturedPacket]) -> [UInt8] {
    var file = words([0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1])
    for packet in packets {
      file += words([0, 0, UInt32(packet.bytes.count), UInt32(packet.wireLength)])
      file += packet.bytes
    }
    return file
  }

  private static func words(_ values: [UInt32]) -> [UInt8] {
    values.flatMap { value in [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) } }
  }
}
