// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing
import Wire

struct RecorderTests {
  let folder = TemporaryFolder()

  func recorder(
    _ path: String = "out.pcapng", overflow: CaptureOverflow = .wait, packetLimit: UInt64 = .max,
    byteLimit: UInt64 = .max, snapLength: Int = 2000, capacity: Int = 1 << 17
  ) throws -> CaptureRecorder {
    let place = path.hasPrefix("/") ? path : folder.place(path)
    return try CaptureRecorder(
      writer: CaptureWriter(path: place, snapLength: snapLength), overflow: overflow,
      packetLimit: packetLimit, byteLimit: byteLimit, capacity: capacity)
  }

  func record(_ packet: ReadPacket, in ring: CaptureRing) -> Bool {
    packet.bytes.withUnsafeBytes {
      ring.record(
        $0, nanoseconds: packet.nanoseconds, originalLength: UInt32(packet.originalLength),
        linkType: packet.linkType)
    }
  }

  /// Lengths that wrap the ring at many different places.
  static let packets = (0..<5000).map {
    ReadPacket(
      Array(repeating: UInt8(truncatingIfNeeded: $0), count: $0 * 31 % 1999), at: UInt64($0))
  }

  @Test(arguments: [1, 1 << 17])
  func aWaitingRecorderLosesNothing(capacity: Int) throws {
    let recorder = try recorder(capacity: capacity)
    let packets = Self.packets.prefix(capacity == 1 ? 300 : 5000)
    for packet in packets { #expect(record(packet, in: recorder.ring)) }
    try recorder.finish()

    #expect(Reading(folder.place("out.pcapng")).packets == Array(packets))
    #expect(recorder.recorded == UInt64(packets.count))
    #expect(recorder.missed == 0)
  }

  @Test func aDiscardingRecorderCountsWhatItMissed() throws {
    // A pipe that nobody empties yet holds the writer up.
    let pipe = folder.place("pipe")
    mkfifo(pipe, 0o600)
    let descriptor = open(pipe, O_RDWR)
    let recorder = try recorder(pipe, overflow: .discard, capacity: 1)
    let accepted = Self.packets.map { record($0, in: recorder.ring) }
    let missed = recorder.missed
    close(descriptor)
    let kept = zip(Self.packets, accepted).filter(\.1).map(\.0)

    #expect(missed == UInt64(5000 - kept.count))
    #expect(recorder.recorded == UInt64(kept.count))
  }

  @Test func segmentsMakeOnePacket() throws {
    let recorder = try recorder(snapLength: 7)
    let ring = recorder.ring
    for segments in [[[1, 2, 3], [], [4, 5]], [[1, 2, 3, 4], [5, 6, 7, 8, 9]]] as [[[UInt8]]] {
      let length = segments.joined().count
      #expect(
        ring.begin(
          length: length, nanoseconds: 1_000_000_000, originalLength: UInt32(length),
          linkType: .ethernet))
      for segment in segments { segment.withUnsafeBytes { ring.append($0) } }
      ring.commit()
    }
    try recorder.finish()

    #expect(
      Reading(folder.place("out.pcapng")).packets == [
        ReadPacket([1, 2, 3, 4, 5]), ReadPacket([1, 2, 3, 4, 5, 6, 7], of: 9),
      ])
  }

  @Test(arguments: [(3, .max), (.max, 30), (.max, 39)] as [(UInt64, UInt64)])
  func recordingEndsAtItsLimit(limits: (packets: UInt64, bytes: UInt64)) throws {
    let recorder = try recorder(packetLimit: limits.packets, byteLimit: limits.bytes)
    let packet = ReadPacket(Array(repeating: 1, count: 10))

    let before = (0..<3).map { _ in record(packet, in: recorder.ring) }
    #expect(!recorder.isFull)
    let after = (0..<3).map { _ in record(packet, in: recorder.ring) }

    #expect(before == [true, true, true])
    #expect(after == [false, false, false])
    #expect(recorder.isFull)
    #expect(recorder.missed == 0)
    try recorder.finish()
    #expect(Reading(folder.place("out.pcapng")).packets.count == 3)
  }

  @Test(arguments: [CaptureOverflow.wait, .discard])
  func aWriteErrorIsKeptAndEndsTheRecording(overflow: CaptureOverflow) throws {
    let recorder = try recorder("/dev/full", overflow: overflow)
    let packet = ReadPacket(Array(repeating: 1, count: 1500))
    var tries = 0
    while recorder.error == nil, tries < 10_000_000 {
      _ = record(packet, in: recorder.ring)
      tries += 1
    }

    #expect(!record(packet, in: recorder.ring))
    #expect(recorder.missed > 0)
    let error = #expect(throws: CaptureError.self) { try recorder.finish() }
    #expect(error?.problem == "cannot write it: No space left on device")
    #expect(error == recorder.error)
  }

  @Test(arguments: [CaptureOverflow.wait, .discard])
  func whatDidNotReachTheFileIsNotRecorded(overflow: CaptureOverflow) throws {
    let recorder = try recorder("/dev/full", overflow: overflow)
    let packet = ReadPacket(Array(repeating: 1, count: 1500))
    for _ in 0..<1000 { _ = record(packet, in: recorder.ring) }
    #expect(throws: CaptureError.self) { try recorder.finish() }
    #expect(recorder.recorded == 0)
    #expect(recorder.missed == 1000)
  }

  @Test(.timeLimit(.minutes(1)))
  func whatWasRecordedReachesTheFileWithoutAFinish() throws {
    let recorder = try recorder("out.pcap")
    #expect(record(ReadPacket([1]), in: recorder.ring))
    while Reading(folder.place("out.pcap.partial")).packets != [ReadPacket([1])] { usleep(10_000) }
    try recorder.finish()
    #expect(folder.names == ["out.pcap"])
  }

  @Test func anAbandonedRecorderLeavesAPartialFile() throws {
    do {
      let recorder = try recorder("out.pcap")
      #expect(record(ReadPacket([1]), in: recorder.ring))
    }
    #expect(Reading(folder.place("out.pcap.partial")).packets == [ReadPacket([1])])
  }
}
