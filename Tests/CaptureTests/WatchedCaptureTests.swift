// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing

/// Files that a driver writes without ever saying that it could not.
struct WatchedCaptureTests {
  let folder = TemporaryFolder()
  let file = PcapFile(isNanoseconds: true)

  /// As a driver writes it: so many packets of ten bytes, and what is left of one more.
  func write(_ packets: Int, rest: Int = 0) {
    let record = file.record(Array(repeating: 7, count: 10))
    let records = Array(repeating: record, count: packets).flatMap { $0 }
    _ = folder.file(file.header + records + record.prefix(rest), "out.pcap.partial")
  }

  func watched() throws -> WatchedCapture {
    try #require(try WatchedCapture(path: folder.place("out.pcap")))
  }

  @Test func aWholeFileGetsItsName() throws {
    let capture = try watched()
    #expect(capture.partialPath == folder.place("out.pcap.partial"))
    write(3)
    #expect(capture.problem(packets: 3, bytes: 30) == nil)
    let whole = capture.finish(packets: 3, bytes: 30)
    #expect(whole.error == nil)
    #expect(whole.packets == 3)
    #expect(folder.names == ["out.pcap"])
    #expect(Reading(folder.place("out.pcap")).packets.count == 3)
  }

  @Test(arguments: [0, 1, 15, 16, 25])
  func aShortFileStaysPartialAndEndsWithAWholePacket(rest: Int) throws {
    let capture = try watched()
    write(3, rest: rest)
    let whole = capture.finish(packets: 9, bytes: 90)
    #expect(whole.packets == 3)
    #expect(whole.bytes == 30)
    #expect(whole.error?.advice.hasPrefix("3 whole packets were written to ") == true)
    #expect(folder.names == ["out.pcap.partial"])
    let reading = Reading(folder.place("out.pcap.partial"))
    #expect(reading.packets.count == 3)
    #expect(reading.error == nil)
  }

  @Test func whatCameAfterAHoleIsNotTrusted() throws {
    let capture = try watched()
    write(3)
    let error = capture.problem(packets: 4, bytes: 40)
    #expect(error?.problem.contains("packets are missing in it") == true)
    write(8)
    #expect(capture.problem(packets: 8, bytes: 80) == error)
    #expect(capture.finish(packets: 8, bytes: 80).packets == 3)
  }

  @Test func beforeTheFirstPacketTheHeaderMayBeMissing() throws {
    let capture = try watched()
    #expect(capture.problem(packets: 0, bytes: 0) == nil)
    #expect(capture.finish(packets: 0, bytes: 0).error != nil)
    #expect(folder.names == [])
  }

  @Test func aRunThatNeverBeganLeavesNothing() throws {
    _ = try watched()
    #expect(folder.names == [])
  }

  @Test func twoCannotWriteOneFile() throws {
    let first = try watched()
    #expect(throws: CaptureError.self) { try watched() }
    _ = first.finish(packets: 0, bytes: 0)
  }

  @Test func aDeviceIsNotWatched() throws {
    #expect(try WatchedCapture(path: "/dev/null") == nil)
  }
}
