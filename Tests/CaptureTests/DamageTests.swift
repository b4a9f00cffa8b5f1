// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing
import Wire

/// Files that are cut or corrupt: what is whole comes out, then an error that says where it ends.
struct DamageTests {
  let folder = TemporaryFolder()

  /// A file in pieces: one begins where damage to it shall be reported.
  struct Pieces: CustomTestStringConvertible {
    let name: String
    /// Without them a file cannot be opened.
    let header: [[UInt8]]
    /// With true for those that give a packet.
    let records: [(bytes: [UInt8], isPacket: Bool)]

    var testDescription: String { name }
    var all: [UInt8] { (header + records.map(\.bytes)).flatMap { $0 } }

    /// Where the piece begins that the byte at `offset` belongs to.
    func start(of offset: Int) -> Int {
      var start = 0
      for piece in header + records.map(\.bytes) {
        if offset < start + piece.count { break }
        start += piece.count
      }
      return start
    }

    /// How many packets end before or at `offset`.
    func packets(before offset: Int) -> Int {
      var end = header.map(\.count).reduce(0, +)
      var count = 0
      for record in records {
        end += record.bytes.count
        if end <= offset, record.isPacket { count += 1 }
      }
      return count
    }
  }

  static let files = ByteOrder.allCases.flatMap { order in
    let pcap = PcapFile(order: order)
    let pcapng = PcapngFile(order: order)
    return [
      Pieces(
        name: "pcap, \(order)-endian", header: [pcap.header],
        records: (1...4).map { (pcap.record(Array(repeating: 7, count: $0 * 9)), true) }),
      Pieces(
        name: "pcapng, \(order)-endian", header: [pcapng.section, pcapng.interface()],
        records: [
          (pcapng.packet([1, 2, 3]), true), (pcapng.block(5, [1, 2, 3, 4]), false),
          (pcapng.block(0xBAD, []), false), (pcapng.packet([4]), true),
          (pcapng.section, false), (pcapng.interface(), false), (pcapng.packet([5, 6]), true),
        ]),
    ]
  }

  @Test(arguments: files)
  func aFileCutAtAnyByteGivesEveryPacketBeforeTheCut(file: Pieces) {
    for length in 0...file.all.count {
      let reading = Reading(folder.file(Array(file.all.prefix(length))))
      let isClean =
        file.start(of: length) == length && length >= file.header.map(\.count).reduce(0, +)

      #expect(reading.packets.count == file.packets(before: length), "cut at \(length)")
      let offset = reading.error?.offset.map(Int.init)
      let lastPiece = file.start(of: max(length - 1, 0))
      #expect(offset == (isClean ? nil : lastPiece), "cut at \(length)")
    }
  }

  @Test(arguments: files)
  func aCutPipeTellsTheSameOffset(file: Pieces) {
    let length = file.all.count - 1
    let path = folder.file(Array(file.all.prefix(length)))
    let pipe = folder.place("pipe")
    mkfifo(pipe, 0o600)
    system("cat \(path) > \(pipe) &")

    let reading = Reading(pipe)

    #expect(reading.packets.count == file.packets(before: length))
    #expect(reading.error?.offset == UInt64(file.start(of: length)))
  }

  /// Far more than one buffer of the reader's.
  static let longFiles = files.map { file in
    Pieces(
      name: "long " + file.name, header: file.header,
      records: Array(repeating: file.records, count: 3000).flatMap { $0 })
  }

  @Test(arguments: longFiles, [false, true])
  func damageFarIntoAFileHasItsOffset(file: Pieces, isPipe: Bool) {
    var bytes = file.all
    let damaged = file.start(of: bytes.count * 9 / 10)
    bytes.replaceSubrange(damaged..., with: Array(repeating: 0xFE, count: 1000))
    let path = folder.file(bytes)
    if isPipe {
      mkfifo(folder.place("pipe"), 0o600)
      system("cat \(path) > \(folder.place("pipe")) &")
    }

    let reading = Reading(isPipe ? folder.place("pipe") : path)

    #expect(reading.packets.count == file.packets(before: damaged))
    #expect(reading.error?.offset == UInt64(damaged))
  }

  @Test(arguments: files, [UInt8(0x00), 0x7F, 0x80, 0xFF])
  func aWrongByteAnywhereDoesNoHarm(file: Pieces, byte: UInt8) {
    for place in file.all.indices {
      var bytes = file.all
      bytes[place] = byte
      let reading = Reading(folder.file(bytes))
      #expect(reading.packets.count <= 4)
      #expect(reading.error?.offset ?? 0 <= UInt64(bytes.count))
    }
  }

  @Test func damageIsReportedAgainRatherThanReadOver() throws {
    let file = PcapFile()
    let bytes = file.header + file.record([1]).dropLast()
    let reader = try CaptureReader(path: folder.file(bytes))
    let first = #expect(throws: CaptureError.self) { try reader.next() }
    let second = #expect(throws: CaptureError.self) { try reader.next() }
    #expect(first == second)
  }

  @Test func anAbsurdPacketLengthIsDamage() {
    let file = PcapFile(snapLength: .max)
    var huge = Bytes()
    huge.put(1 as UInt32, 0, 0x7FFF_FFFF, 0x7FFF_FFFF)
    let start = file.header + file.record([1])
    let reading = Reading(folder.file(start + huge.all))
    #expect(reading.packets.count == 1)
    #expect(reading.error?.offset == UInt64(start.count))
  }

  @Test func anAbsurdBlockLengthIsDamage() {
    let file = PcapngFile()
    var huge = Bytes()
    huge.put(6 as UInt32, 0x7FFF_FFFC)
    let start = file.section + file.interface() + file.packet([1])
    let reading = Reading(folder.file(start + huge.all))
    #expect(reading.packets.count == 1)
    #expect(reading.error?.offset == UInt64(start.count))
  }

  @Test func aFloodOfInterfacesIsRefused() {
    let file = PcapngFile()
    var bytes = file.section
    for _ in 0...65_536 { bytes += file.interface() }
    let reading = Reading(folder.file(bytes))
    #expect(reading.error?.problem == "a section has more than 65536 interfaces")
  }

  @Test func aMissingFileIsAnError() {
    let error = Reading(folder.place("none.pcap")).error
    #expect(error?.problem == "cannot open it: No such file or directory")
    #expect(error?.advice == "check the path and that its folder exists")
  }

  @Test func aFolderIsAnError() {
    #expect(Reading(folder.path).error?.problem == "cannot read it: Is a directory")
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func aFileWithoutPermissionIsAnError() {
    let path = folder.file(PcapFile().header)
    chmod(path, 0)
    #expect(Reading(path).error?.problem == "cannot open it: Permission denied")
  }

  @Test func anEmptyFileIsAnError() {
    #expect(Reading(folder.file([])).error?.problem == "the file is empty")
  }

  @Test func aCompressedFileIsAnErrorThatSaysHowToReadIt() {
    let path = folder.file([0x1F, 0x8B, 8, 0], "trace.pcap.gz")
    let error = Reading(path).error
    #expect(error?.problem == "it is compressed with gzip")
    #expect(error?.advice.contains("gzip -dc \(path) | sluice") == true)
  }

  @Test func anotherKindOfFileIsAnError() {
    let error = Reading(folder.file(Array("Hello, world".utf8))).error
    #expect(error?.problem == "unknown file format")
  }
}
