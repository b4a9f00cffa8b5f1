// SPDX-License-Identifier: BSD-3-Clause

import Glibc
import Testing

@testable import Capture

/// Ordinary packets are read past libpcap, or past the reader of pcapng blocks: what comes out must
/// be what these give, to the last packet and word.
struct PlainRecordTests {
  let folder = TemporaryFolder()

  enum Way: CaseIterable {
    case libpcap, records, batches
  }

  func reading(_ path: String, by way: Way) -> Reading {
    var reading = Reading()
    do throws(CaptureError) {
      let source = try ByteSource(path: path, isStopped: { false }, beforeWaiting: {})
      let records: any RecordReader =
        way == .libpcap && source.format == .pcap
        ? try PcapReader(source, readsAll: true) : try CaptureReader.open(source)
      let reader = try CaptureReader(path, source, records, readsPlain: way != .libpcap)
      var batch = CaptureBatch()
      if way == .batches {
        while try reader.next(into: &batch) {
          for index in 0..<batch.count { reading.packets.append(ReadPacket(batch[index])) }
        }
      }
      while let packet = try reader.next() { reading.packets.append(ReadPacket(packet)) }
      #expect(reader.packetsRead == reading.packets.count)
    } catch {
      reading.error = error
    }
    return reading
  }

  func expectTheSame(_ path: String, _ comment: Comment? = nil) {
    let expected = reading(path, by: .libpcap)
    for way in [Way.records, .batches] {
      let found = reading(path, by: way)
      #expect(found.packets == expected.packets, comment)
      #expect(found.error == expected.error, comment)
    }
  }

  static let captures: [String] = ["public", "rxe"].flatMap { folder in
    names(in: "\(sharedCaptures)/\(folder)").map { "\(folder)/\($0)" }
      .filter { $0.contains(".pcap") || $0.hasSuffix(".cap") }
  }

  @Test(.enabled(if: !captures.isEmpty, "the shared captures are not here"), arguments: captures)
  func sharedCapturesAreReadAsByLibpcap(name: String) {
    expectTheSame("\(sharedCaptures)/\(name)")
  }

  static let files = ByteOrder.allCases.flatMap { order in
    [true, false].map { isNanoseconds in
      let file = PcapFile(order: order, isNanoseconds: isNanoseconds, snapLength: 90)
      return file.header
        + (0..<200).flatMap { number in
          file.record(
            Array(repeating: UInt8(number), count: number % 80), seconds: UInt32(number),
            fraction: UInt32(number * 4999), length: number)
        }
    }
  }

  @Test(arguments: files)
  func anyDamageIsFoundAsByLibpcap(file: [UInt8]) {
    var generator = Dice()
    for _ in 0..<300 {
      var bytes = file
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
      }
      if Bool.random(using: &generator) {
        bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator)))
      }
      expectTheSame(folder.file(bytes, "damaged.pcap"), "\(bytes)")
    }
  }

  @Test(arguments: [UInt32(0), 1, 0x7FFF_FFFF, 0x8000_0000, .max], ByteOrder.allCases)
  func anyTimeIsReadAsByLibpcap(number: UInt32, order: ByteOrder) {
    for isNanoseconds in [true, false] {
      let file = PcapFile(order: order, isNanoseconds: isNanoseconds)
      let record = file.record([1], seconds: number, fraction: number)
      expectTheSame(folder.file(file.header + record))
    }
  }

  @Test(
    arguments: [65_535, 65_536, 262_143, 262_144, 262_145, 300_000], [UInt32(262_144), 1 << 30])
  func longPacketsAreReadAsByLibpcap(length: Int, snapLength: UInt32) {
    let file = PcapFile(snapLength: snapLength)
    let long = file.record(Array(repeating: 7, count: length))
    let short = file.record([1, 2, 3])
    expectTheSame(folder.file(file.header + short + long + short + long + short))
  }

  @Test func packetsThatStraddleReadsAreWhole() {
    let file = PcapFile()
    let records = (0..<3000).flatMap { number in
      file.record(Array(repeating: UInt8(truncatingIfNeeded: number), count: 1 + number % 97))
    }
    expectTheSame(folder.file(file.header + records))
  }

  @Test(arguments: ByteOrder.allCases)
  func anyDamageOfBlocksIsFoundAsByTheirReader(order: ByteOrder) {
    var dice = Dice()
    let pieces = PcapngOracleTests.sample(order, resolution: 6, offset: nil)
    let whole = (pieces + pieces.dropFirst(3) + pieces).flatMap { $0 }
    expectTheSame(folder.file(whole, "whole.pcapng"))
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        bytes[place] =
          [0, 1, 0x7f, 0xff, UInt8.random(in: 0...255, using: &dice)][
            Int.random(in: 0...4, using: &dice)]
      }
      bytes.removeLast(Int.random(in: 0...40, using: &dice))
      expectTheSame(folder.file(bytes, "damaged.pcapng"), "\(bytes)")
    }
  }

  @Test func oldVersionsAreLeftToLibpcap() {
    let file = PcapFile()
    var bytes = file.header + file.record([1, 2, 3], length: 7)
    bytes[6] = 3  // minor version
    expectTheSame(folder.file(bytes))
  }

  @Test func aPipeIsWaitedForAfterWhatCameWasGiven() throws {
    let file = PcapFile()
    let pipe = folder.place("pipe")
    mkfifo(pipe, 0o600)
    let writer = open(pipe, O_RDWR)
    defer { close(writer) }
    let start = file.header + file.record([1]) + file.record([2])
    write(writer, start, start.count)
    var waits = 0
    let reader = try CaptureReader(path: pipe, beforeWaiting: { waits += 1 })
    var batch = CaptureBatch()
    #expect(try reader.next(into: &batch))
    #expect(batch.count == 2)
    let before = waits
    let rest = file.record([3])
    write(writer, rest, rest.count)
    #expect(try reader.next()?.bytes.first == 3)
    #expect(waits == before + 1)
  }
}

/// The same numbers in every run (SplitMix64).
private struct Dice: RandomNumberGenerator {
  private var state: UInt64 = 11

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// The names of what is in a folder.
private func names(in path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    names.append(
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      })
  }
  return names.sorted()
}
