// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Testing
import Wire

struct WriterTests {
  let folder = TemporaryFolder()

  static let packets = (0..<50).map { number in
    ReadPacket(
      Array(repeating: UInt8(number), count: number * 37),
      at: 1_700_000_000_123_456_789 + UInt64(number), of: number * 37 + number % 3 * 1000)
  }

  @Test(arguments: CaptureFormat.allCases)
  func whatIsWrittenCanBeReadBack(format: CaptureFormat) throws {
    let path = folder.place("out." + format.rawValue)
    let writer = try CaptureWriter(path: path)
    for packet in Self.packets { try writer.write(packet) }
    try writer.finish()

    let reading = Reading(path)

    #expect(writer.format == format)
    #expect(reading.packets == Self.packets)
    #expect(reading.error == nil)
  }

  @Test(arguments: CaptureFormat.allCases, LinkType.allCases)
  func linkTypesAreKept(format: CaptureFormat, linkType: LinkType) throws {
    let path = folder.place("out." + format.rawValue)
    let writer = try CaptureWriter(path: path)
    try writer.write(ReadPacket([0x45, 1, 2], linkType))
    try writer.finish()
    #expect(Reading(path).packets == [ReadPacket([0x45, 1, 2], linkType)])
  }

  @Test(arguments: CaptureFormat.allCases)
  func longPacketsAreCutToTheSnapLength(format: CaptureFormat) throws {
    let path = folder.place("out." + format.rawValue)
    let writer = try CaptureWriter(path: path, snapLength: 4)
    try writer.write(ReadPacket([1, 2, 3, 4, 5], of: 9))
    try writer.write(ReadPacket([1, 2, 3, 4, 5]))
    try writer.finish()
    #expect(
      Reading(path).packets == [ReadPacket([1, 2, 3, 4], of: 9), ReadPacket([1, 2, 3, 4], of: 5)])
  }

  @Test(arguments: CaptureFormat.allCases)
  func theLongestPacketsPassThroughTheBuffer(format: CaptureFormat) throws {
    let path = folder.place("out." + format.rawValue)
    let packets = (0..<9).map {
      ReadPacket(Array(repeating: UInt8($0), count: CaptureWriter.longestPacket))
    }
    let writer = try CaptureWriter(path: path)
    for packet in packets { try writer.write(packet) }
    try writer.finish()
    #expect(Reading(path).packets == packets)
  }

  @Test(arguments: CaptureFormat.allCases)
  func aFileWithoutPacketsIsAFile(format: CaptureFormat) throws {
    let path = folder.place("out." + format.rawValue)
    try CaptureWriter(path: path).finish()
    let reader = try CaptureReader(path: path)
    #expect(reader.linkType == .ethernet)
    #expect(try reader.next() == nil)
  }

  @Test(arguments: CaptureFormat.allCases)
  func theSamePacketsGiveTheSameBytes(format: CaptureFormat) throws {
    let paths = ["one", "two"].map { folder.place($0 + "." + format.rawValue) }
    for path in paths {
      let writer = try CaptureWriter(path: path)
      let comment = writer.comment("drop: tenant-blocked")
      for packet in Self.packets { try writer.write(packet, comment: comment) }
      try writer.finish()
    }
    #expect(contents(of: paths[0]) == contents(of: paths[1]))
  }

  @Test func pcapWithASecondLinkTypeAsksForPcapng() throws {
    let writer = try CaptureWriter(path: folder.place("out.pcap"))
    try writer.write(ReadPacket([1]))
    let error = #expect(throws: CaptureError.self) {
      try writer.write(ReadPacket([0x45], .rawIP))
    }
    #expect(error?.problem.hasPrefix("packet 2 is rawIP where the first is ethernet") == true)
    #expect(error?.advice == "write pcapng instead: name the file .pcapng")
  }

  @Test func pcapWithATimePast2106AsksForPcapng() throws {
    let writer = try CaptureWriter(path: folder.place("out.pcap"))
    let error = #expect(throws: CaptureError.self) {
      try writer.write(ReadPacket([1], at: 4_294_967_296_000_000_000))
    }
    #expect(error?.advice == "write pcapng instead: name the file .pcapng")
  }

  @Test(arguments: ["out", "out.txt", "folder.pcap/out", "out.pcap.gz"])
  func anUnknownExtensionIsAnErrorThatNamesTheKnownOnes(name: String) {
    let error = #expect(throws: CaptureError.self) {
      _ = try CaptureWriter(path: folder.place(name))
    }
    #expect(error?.advice == "name it .pcap or .pcapng")
  }

  @Test func theFormatMayBeSaidInsteadOfAnExtension() throws {
    let writer = try CaptureWriter(path: folder.place("out"), format: .pcap)
    try writer.write(ReadPacket([1]))
    try writer.finish()
    #expect(Reading(folder.place("out")).packets == [ReadPacket([1])])
  }
}
