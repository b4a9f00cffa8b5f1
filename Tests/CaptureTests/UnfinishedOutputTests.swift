// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing

/// No output that is half-written has the name of a whole one.
struct UnfinishedOutputTests {
  let folder = TemporaryFolder()

  @Test func theFileHasItsNameOnlyOnceItIsFinished() throws {
    let writer = try CaptureWriter(path: folder.place("out.pcap"))
    try writer.write(ReadPacket([1]))
    #expect(folder.names == ["out.pcap.partial"])
    try writer.finish()
    #expect(folder.names == ["out.pcap"])
  }

  @Test func anAbandonedOutputKeepsItsPartialName() throws {
    do {
      let writer = try CaptureWriter(path: folder.place("out.pcap"))
      try writer.write(ReadPacket([1]))
    }
    #expect(folder.names == ["out.pcap.partial"])
    #expect(Reading(folder.place("out.pcap.partial")).packets == [ReadPacket([1])])
  }

  @Test func anAbandonedOutputWithoutPacketsLeavesNothing() throws {
    _ = try CaptureWriter(path: folder.place("out.pcap"))
    #expect(folder.names == [])
  }

  @Test func anEarlierFileStaysUntilTheNewOneIsWhole() throws {
    let path = folder.file([1, 2, 3], "out.pcap")
    let writer = try CaptureWriter(path: path)
    try writer.write(ReadPacket([1]))
    #expect(contents(of: path) == [1, 2, 3])
    try writer.finish()
    #expect(Reading(path).packets == [ReadPacket([1])])
  }

  @Test func aSymbolicLinkStaysALink() throws {
    let target = folder.file([], "target.pcap")
    symlink(target, folder.place("link.pcap"))
    try CaptureWriter(path: folder.place("link.pcap")).finish()
    #expect(folder.names == ["link.pcap", "target.pcap"])
    #expect(Reading(target).error == nil)
  }

  @Test func twoWritersOfOneFileAreRefused() throws {
    let first = try CaptureWriter(path: folder.place("out.pcap"))
    let error = #expect(throws: CaptureError.self) {
      _ = try CaptureWriter(path: folder.place("out.pcap"))
    }
    #expect(error?.problem.hasSuffix(".partial is being written by another capture") == true)
    try first.finish()
  }

  @Test func aFullDiskSaysHowManyWholePacketsAreThere() throws {
    let writer = try CaptureWriter(path: "/dev/full", format: .pcap)
    try writer.write(ReadPacket([1]))
    let error = #expect(throws: CaptureError.self) { try writer.finish() }
    #expect(error?.problem == "cannot write it: No space left on device")
    #expect(error?.advice.hasPrefix("0 whole packets were written; free some space") == true)
    #expect(throws: CaptureError.self) { try writer.write(ReadPacket([2])) }
  }

  /// In a process of its own, because the limit is the whole process's.
  @Test func aFileThatCanGrowNoFurtherEndsWithAWholePacket() async {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      // Room for the header and 63 packets.
      limitFileSize(toBytes: 1 << 24)
      let packet = ReadPacket(Array(repeating: 1, count: CaptureWriter.longestPacket))
      let writer = try CaptureWriter(path: folder.place("out.pcap"))

      let error = #expect(throws: CaptureError.self) {
        for _ in 0..<100 { try writer.write(packet) }
      }

      #expect(error?.problem == "cannot write it: File too large")
      #expect(error?.advice.hasPrefix("63 whole packets were written to ") == true)
      let reading = Reading(folder.place("out.pcap.partial"))
      #expect(reading.packets.count == 63)
      #expect(reading.error == nil)
    }
  }

  @Test func aReaderThatGoesAwayIsAnErrorNotASignal() throws {
    let pipe = folder.place("pipe")
    mkfifo(pipe, 0o600)
    system("head -c 1 \(pipe) > /dev/null &")
    let writer = try CaptureWriter(path: pipe)
    let error = #expect(throws: CaptureError.self) {
      for _ in 0..<200 {
        try writer.write(ReadPacket(Array(repeating: 0, count: 60_000)))
      }
      try writer.finish()
    }
    #expect(error?.problem == "cannot write it: Broken pipe")
  }

  @Test(arguments: ["none/out.pcap", "."])
  func aPlaceThatCannotBeWrittenIsAnError(place: String) {
    let error = #expect(throws: CaptureError.self) {
      _ = try CaptureWriter(path: folder.place(place), format: .pcap)
    }
    #expect(error?.problem.hasPrefix("cannot create it: ") == true)
  }

  @Test func devicesAreWrittenDirectly() throws {
    let writer = try CaptureWriter(path: "/dev/null")
    try writer.write(ReadPacket([1]))
    try writer.finish()
    #expect(access("/dev/null.partial", F_OK) != 0)
  }
}

private func limitFileSize(toBytes bytes: rlim_t) {
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
  setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}
