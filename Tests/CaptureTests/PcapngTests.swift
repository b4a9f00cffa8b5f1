// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing
import Wire

/// What libpcap refuses in pcapng files, and what is an attack rather than a capture.
struct PcapngTests {
  let folder = TemporaryFolder()
  let file = PcapngFile()

  func read(_ blocks: [[UInt8]]) -> Reading {
    Reading(folder.file(blocks.flatMap { $0 }, "in.pcapng"))
  }

  @Test func eachInterfaceHasItsLinkTypeAndClock() {
    let reading = read([
      file.section, file.interface(1, snapLength: 64), file.interface(101, resolution: 9),
      file.packet([1], ticks: 5), file.packet([2], of: 1, ticks: 6000),
      file.interface(113, snapLength: 0, resolution: 3, offset: 10), file.packet([3], of: 2),
      file.packet([4], of: 0, ticks: 7),
    ])
    #expect(
      reading.packets == [
        ReadPacket([1], at: 5000), ReadPacket([2], at: 6000, .rawIP),
        ReadPacket([3], at: 10_000_000_000, .linuxCooked), ReadPacket([4], at: 7000),
      ])
    #expect(reading.error == nil)
  }

  @Test func whatSluiceWritesItReads() throws {
    let path = folder.place("mixed.pcapng")
    let packets = [LinkType.ethernet, .rawIP, .infiniband, .ethernet, .loopback].enumerated().map {
      ReadPacket([UInt8($0.offset)], at: UInt64($0.offset), $0.element)
    }
    let writer = try CaptureWriter(path: path)
    for packet in packets { try writer.write(packet, comment: writer.comment("because")) }
    try writer.finish()
    let reading = Reading(path)
    #expect(reading.packets == packets)
    #expect(reading.error == nil)
  }

  @Test func sectionsDifferInByteOrderAndInterfaces() {
    let other = PcapngFile(order: .big)
    let reading = read([
      file.section, file.interface(1), file.interface(101), file.packet([1], of: 1),
      other.section, other.interface(113, resolution: 9), other.packet([2], ticks: 1 << 33),
    ])
    #expect(
      reading.packets == [
        ReadPacket([1], at: 0, .rawIP), ReadPacket([2], at: 1 << 33, .linuxCooked),
      ])
    #expect(reading.error == nil)
  }

  @Test func anInterfaceOfAnEarlierSectionIsGone() {
    let start = [file.section, file.interface(), file.interface(), file.section, file.interface()]
    let reading = read(start + [file.packet([1], of: 1)])
    #expect(reading.error?.problem == "a packet is of interface 1, which is not described")
    #expect(reading.error?.offset == UInt64(start.joined().count))
  }

  @Test func packetsOfUnknownLinkTypesArePassedOverAndCounted() throws {
    let blocks = [
      file.section, file.interface(189), file.interface(1), file.packet([1]), file.packet([2]),
      file.packet([3], of: 1), file.packet([4]),
    ]
    let reader = try CaptureReader(path: folder.file(blocks.flatMap { $0 }))
    #expect(reader.linkType == .ethernet)
    #expect(try reader.next().map(ReadPacket.init) == ReadPacket([3], at: 0))
    #expect(try reader.next() == nil)
    #expect(reader.skippedRecords == ["link type USB_LINUX (189) is not supported": 3])
  }

  @Test(arguments: [1, 0])
  func aFileOfUnknownLinkTypesOnlyIsRefusedByName(packets: Int) {
    let reading = read(
      [file.section, file.interface(189)]
        + [[UInt8]](
          repeating: file.packet([1]), count: packets))
    #expect(reading.error?.problem == "link type USB_LINUX (189) is not supported")
  }

  @Test func blocksLongerThanAnyBufferArePassedOver() {
    let long = file.block(0xBAD, Array(repeating: 1, count: 3 << 20))
    let reading = read([file.section, long, file.interface(), long, file.packet([1]), long])
    #expect(reading.packets == [ReadPacket([1], at: 0)])
    #expect(reading.error == nil)
  }

  @Test(arguments: [262_144, 262_145])
  func packetsMayBeAsLongAsLibpcapAllows(length: Int) {
    let blocks = [file.section, file.interface(), file.packet([1])]
    let long = file.packet(Array(repeating: 7, count: length), comment: true)
    let reading = read(blocks + [long, file.packet([2])])
    #expect(reading.packets.count == (length == 262_144 ? 3 : 1))
    #expect(reading.error?.offset == (length == 262_144 ? nil : UInt64(blocks.joined().count)))
  }

  @Test func aPacketLongerThanItsInterfacesSnapLengthIsReadAsItIs() {
    let reading = read([file.section, file.interface(snapLength: 2), file.packet([1, 2, 3])])
    #expect(reading.packets == [ReadPacket([1, 2, 3], at: 0)])
  }

  @Test(
    arguments: [
      (UInt32(0), "cannot have a length of 0 bytes"), (8, "cannot have a length of 8 bytes"),
      (30, "cannot have a length of 30 bytes"), (0x100_0004, "is too long"),
      (28, "begins with a length of 28 and ends with"), (40, "begins with a length of 40"),
    ])
  func aWrongLengthIsDamageAtItsBlock(length: UInt32, problem: String) {
    let start = [file.section, file.interface(), file.packet([1])]
    var wrong = file.packet([2])
    var number = Bytes()
    number.put(length)
    wrong.replaceSubrange(4..<8, with: number.all)
    let reading = read(start + [wrong, file.packet([3]), file.packet([4])])
    #expect(reading.packets.count == 1)
    #expect(reading.error?.problem.contains(problem) == true, "\(reading.error?.problem ?? "")")
    #expect(reading.error?.offset == UInt64(start.joined().count))
  }

  @Test func aPacketThatClaimsMoreThanItsBlockHasIsDamage() {
    var wrong = file.packet([1, 2, 3, 4])
    wrong[20] = 5
    let reading = read([file.section, file.interface(), wrong])
    #expect(reading.error?.problem == "a packet of 5 bytes does not fit into its block")
  }

  @Test(arguments: [UInt32(1), 2, 3, 6, 0x0A0D_0D0A])
  func aBlockTooShortForWhatItIsIsDamage(type: UInt32) {
    let start = [file.section, file.interface()]
    let reading = read(
      start + [file.block(type, [0x4D, 0x3C, 0x2B, 0x1A].dropLast(type == 3 ? 4 : 0))])
    #expect(reading.error?.offset == UInt64(start.joined().count))
  }

  @Test func anOptionThatRunsPastItsBlockIsDamage() {
    var interface = file.interface(resolution: 9)
    interface[18] = 200
    #expect(read([file.section, interface]).error?.offset == UInt64(file.section.count))
  }

  @Test func aVersionThatNobodyKnowsIsRefused() {
    let reading = read([file.section(version: 2), file.interface(), file.packet([1])])
    #expect(reading.error?.problem == "version 2 of pcapng is unknown")
  }

  @Test func aFileWithoutAnInterfaceIsRefused() {
    let reading = read([file.section, file.block(4, [1, 2, 3, 4])])
    #expect(reading.error?.problem == "the file describes no interface")
  }

  @Test(arguments: [28, 29, 127, 0xBF, 0xFF] as [UInt8])
  func anyResolutionIsReadWithoutATrap(resolution: UInt8) {
    let blocks = [file.section, file.interface(resolution: resolution, offset: .max)]
    let ticks: [UInt64] = [0, 1, .max]
    #expect(read(blocks + ticks.map { file.packet([1], ticks: $0) }).packets.count == 3)
    let early = [file.section, file.interface(resolution: resolution, offset: .min)]
    let reading = read(early + ticks.map { file.packet([1], ticks: $0) })
    #expect(reading.packets.map(\.nanoseconds) == [0, 0, 0])
  }
}
