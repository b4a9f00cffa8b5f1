// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing
import Wire

struct ReaderTests {
  let folder = TemporaryFolder()

  @Test(arguments: ByteOrder.allCases, [false, true])
  func pcapKeepsTimesInBothByteOrdersAndResolutions(order: ByteOrder, isNanoseconds: Bool) {
    let file = PcapFile(order: order, isNanoseconds: isNanoseconds)
    let bytes = file.header + file.record([1, 2, 3], seconds: 1_700_000_000, fraction: 123_456)

    let reading = Reading(folder.file(bytes))

    let fraction: UInt64 = isNanoseconds ? 123_456 : 123_456_000
    #expect(reading.packets == [ReadPacket([1, 2, 3], at: 1_700_000_000_000_000_000 + fraction)])
    #expect(reading.error == nil)
  }

  @Test(
    arguments: ByteOrder.allCases,
    [
      (nil, 1_500_000, 1_500_000_000), (3, 1500, 1_500_000_000), (9, 1_500_000_001, 1_500_000_001),
      (0x80 | 10, 1536, 1_500_000_000),
    ] as [(UInt8?, UInt64, UInt64)])
  func pcapngKeepsTimesInItsResolution(
    order: ByteOrder, time: (resolution: UInt8?, ticks: UInt64, nanoseconds: UInt64)
  ) {
    let file = PcapngFile(order: order)
    let interface = file.interface(resolution: time.resolution)

    let reading = Reading(
      folder.file(file.section + interface + file.packet([9], ticks: time.ticks)))

    #expect(reading.packets == [ReadPacket([9], at: time.nanoseconds)])
    #expect(reading.error == nil)
  }

  @Test func cutPacketsKeepTheirOriginalLength() {
    let file = PcapFile()
    let reading = Reading(folder.file(file.header + file.record([1, 2], length: 1082)))
    #expect(reading.packets == [ReadPacket([1, 2], of: 1082)])
  }

  @Test func theOriginalLengthIsNeverLessThanWhatWasCaptured() {
    let file = PcapFile()
    let reading = Reading(folder.file(file.header + file.record([1, 2, 3], length: 1)))
    #expect(reading.packets == [ReadPacket([1, 2, 3], of: 3)])
  }

  @Test(arguments: [UInt32(0x8000_0000), .max])
  func pcapSecondsAreUnsigned(seconds: UInt32) {
    let file = PcapFile()
    let reading = Reading(folder.file(file.header + file.record([], seconds: seconds)))
    #expect(reading.packets.map(\.nanoseconds) == [UInt64(seconds) * 1_000_000_000])
  }

  @Test(arguments: [UInt32(1_000_000), 0x7FFF_FFFF, 0x8000_0000, .max])
  func anImpossibleFractionOfASecondIsNoError(fraction: UInt32) {
    let file = PcapFile()
    let reading = Reading(folder.file(file.header + file.record([1], fraction: fraction)))
    #expect(reading.packets.count == 1)
    #expect(reading.error == nil)
  }

  @Test func aTimeThatDoesNotFitIsTheLatestThatDoes() {
    let file = PcapngFile()
    let bytes = file.section + file.interface(resolution: 0) + file.packet([1], ticks: .max >> 1)
    #expect(Reading(folder.file(bytes)).packets.map(\.nanoseconds) == [.max])
  }

  @Test(arguments: [PcapFile().header, PcapngFile().section + PcapngFile().interface()])
  func aFileWithoutPacketsEndsAtOnce(bytes: [UInt8]) {
    let reading = Reading(folder.file(bytes))
    #expect(reading.packets.isEmpty)
    #expect(reading.error == nil)
  }

  @Test(
    arguments: [
      (0, .loopback), (1, .ethernet), (12, .rawIP), (101, .rawIP), (108, .loopback),
      (113, .linuxCooked), (228, .rawIP), (229, .rawIP), (247, .infiniband), (276, .linuxCooked2),
    ] as [(UInt32, LinkType)])
  func knowsTheLinkTypeOfThatNumber(number: UInt32, linkType: LinkType) throws {
    let file = PcapFile(linkType: number)
    let path = folder.file(file.header + file.record([0x45, 0]))
    let reader = try CaptureReader(path: path)
    #expect(reader.linkType == linkType)
    #expect(try reader.next()?.linkType == linkType)
  }

  @Test func anotherLinkTypeIsAnErrorThatNamesIt() {
    let error = Reading(folder.file(PcapFile(linkType: 105).header)).error
    #expect(error?.problem == "link type IEEE802_11 (105) is not supported")
  }

  @Test func aMinusIsStandardInput() {
    let file = PcapFile()
    let saved = dup(STDIN_FILENO)
    let descriptor = open(folder.file(file.header + file.record([1])), O_RDONLY)
    dup2(descriptor, STDIN_FILENO)
    let reading = Reading("-")
    dup2(saved, STDIN_FILENO)
    for copy in [saved, descriptor] { close(copy) }
    #expect(reading.packets == [ReadPacket([1])])
  }

  @Test func tellsFormatAndSnapLength() throws {
    let reader = try CaptureReader(path: folder.file(PcapFile(snapLength: 128).header))
    #expect(reader.format == .pcap)
    #expect(reader.snapLength == 128)
  }
}
