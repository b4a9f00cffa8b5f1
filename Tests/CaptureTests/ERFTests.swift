// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Testing
import Wire

struct ERFTests {
  let folder = TemporaryFolder()
  let file = PcapFile(linkType: 197)

  /// An ERF record; lengths as a capture card fills them in, padded to eight bytes.
  func record(
    type: UInt8, extensions: Int = 0, _ packet: [UInt8], padding: Int = 0, wireLength: Int? = nil
  ) -> [UInt8] {
    let length = 16 + 8 * extensions + padding + packet.count
    var record = Bytes(.big)
    record.put((UInt64(1) << 32 | 0x8000_0000).byteSwapped)
    record.put([extensions > 0 ? type | 0x80 : type, 4])
    record.put(UInt16((length + 7) & ~7), 0, UInt16(wireLength ?? packet.count))
    for left in (0..<extensions).reversed() {
      record.put([left > 0 ? 0x80 : 0, 0, 0, 0, 0, 0, 0, 0])
    }
    record.put(Array(repeating: 0xEE, count: padding) + packet)
    record.put(Array(repeating: 0xAA, count: -length & 7))
    return file.record(record.all)
  }

  @Test(
    arguments: [
      (2, .ethernet), (11, .ethernet), (16, .ethernet), (20, .ethernet), (21, .infiniband),
      (22, .rawIP), (23, .rawIP),
    ] as [(UInt8, LinkType)], 0...3)
  func deliversTheInnerPacket(kind: (type: UInt8, linkType: LinkType), extensions: Int) throws {
    let padding = kind.linkType == .ethernet ? 2 : 0
    let record = record(type: kind.type, extensions: extensions, [1, 2, 3, 4, 5], padding: padding)

    let reader = try CaptureReader(path: folder.file(file.header + record))

    #expect(reader.linkType == kind.linkType)
    let packet = try reader.next().map(ReadPacket.init)
    #expect(packet == ReadPacket([1, 2, 3, 4, 5], at: 1_500_000_000, kind.linkType))
    #expect(try reader.next() == nil)
  }

  @Test func aCutPacketKeepsItsWireLength() {
    let record = record(type: 21, [1, 2, 3, 4, 5, 6, 7, 8], wireLength: 290)
    let reading = Reading(folder.file(file.header + record))
    #expect(reading.packets.map(\.originalLength) == [290])
    #expect(reading.packets.map(\.bytes.count) == [8])
  }

  @Test func recordsWithoutAPacketAreSkippedAndCounted() throws {
    let bytes =
      file.header + record(type: 27, [1]) + record(type: 25, [2]) + record(type: 21, [3])
      + record(type: 27, [4]) + file.record([1, 2, 3])
    let reader = try CaptureReader(path: folder.file(bytes))

    #expect(try reader.next().map { Array($0.bytes) } == [3])
    #expect(try reader.next() == nil)

    #expect(
      reader.skippedRecords == [
        "ERF type 27 (provenance)": 2, "ERF type 25 (InfiniBand link)": 1, "cut ERF header": 1,
      ])
  }

  @Test(arguments: 0...47)
  func aRecordThatIsCutAnywhereDoesNoHarm(length: Int) {
    let whole = Array(record(type: 2, extensions: 2, [1, 2, 3, 4], padding: 2).dropFirst(16))
    let reading = Reading(folder.file(file.header + file.record(Array(whole.prefix(length)))))
    #expect(reading.error == nil)
    #expect(reading.packets.count == (length >= 34 ? 1 : 0))
  }

  @Test func extensionsThatNeverEndAreSkipped() throws {
    var endless: [UInt8] = Array(repeating: 0xFF, count: 64)
    endless[8] = 0x95
    let reader = try CaptureReader(path: folder.file(file.header + file.record(endless)))
    #expect(try reader.next() == nil)
    #expect(reader.skippedRecords == ["cut ERF header": 1])
  }
}
