// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Capture
import Glibc
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct CaptureStageTests {
    let udp = packet("eth / ipv4 / udp / 200B")
    let folder = Folder()

    func run(
      _ settings: KeyValuePairs<String, String>, _ packets: [[UInt8]], dataRoom: Int = 2304,
      worker: Int = 0
    ) throws -> Stand {
      let stages = try [stage("capture", settings), stage("send", ["port": "out"])]
      let stand = try Stand(
        [PipelinePlan(name: "main", stages: stages)], dataRoom: dataRoom, worker: worker)
      try stand.run(packets)
      stand.set.finish()
      stand.checkBalance()
      return stand
    }

    @Test(arguments: ["pcap", "pcapng"])
    func fileHoldsThePacketsAsTheyCame(format: String) throws {
      let path = folder.place("a.\(format)")
      let stand = try run(["file": path], [udp, Array(udp.prefix(60))])
      let packets = try readCapture(path)
      #expect(packets.map(\.bytes) == [udp, Array(udp.prefix(60))])
      #expect(packets.map(\.nanoseconds) == [1_000_000, 1_001_000])
      #expect(stand.figure("captured") == 2)
      #expect(stand.sent().count == 2)
      #expect(stand.set.problems().compactMap { $0 } == [])
    }

    @Test func laterWritesDoNotReachTheFile() throws {
      let path = folder.place("a.pcap")
      let stand = try Stand(
        stage("parse"), stage("capture", ["file": path]), stage("set", ["ip.ttl": "9"]),
        stage("send", ["port": "out"]))
      try stand.run([udp])
      stand.set.finish()
      #expect(try readCapture(path).map(\.bytes) == [udp])
      stand.checkBalance()
    }

    @Test func fileEndsAfterSoManyPackets() throws {
      let path = folder.place("a.pcap")
      let stand = try run(["file": path, "packets": "3"], Array(repeating: udp, count: 10))
      #expect(try readCapture(path).count == 3)
      #expect(stand.figure("captured") == 3)
      #expect(stand.sent().count == 10)
    }

    @Test func fileEndsBeforeItHasTooManyBytes() throws {
      let path = folder.place("a.pcap")
      _ = try run(
        ["file": path, "bytes": "\(udp.count * 2 + 1)B"], Array(repeating: udp, count: 9))
      #expect(try readCapture(path).count == 2)
    }

    @Test func packetsAreCutAndKeepTheirLength() throws {
      let path = folder.place("a.pcapng")
      _ = try run(["file": path, "cut": "64B"], [udp])
      #expect(try readCapture(path).map(\.bytes) == [Array(udp.prefix(64))])
      #expect(try readCapture(path).map(\.originalLength) == [UInt32(udp.count)])
    }

    @Test(arguments: ["1400B", "100B", "300B"])
    func packetsInSeveralBuffersAreWrittenWhole(cut: String) throws {
      let path = folder.place("a.pcap")
      let large = packet("eth / ipv4 / udp / 1300B")
      _ = try run(["file": path, "cut": cut], [large], dataRoom: 384)
      let kept = min(large.count, Int(cut.dropLast()) ?? 0)
      #expect(try readCapture(path).map(\.bytes) == [Array(large.prefix(kept))])
    }

    @Test func everyWorkerWritesAFileOfItsOwn() throws {
      _ = try run(["file": folder.place("a.b.pcapng")], [udp], worker: 2)
      #expect(try readCapture(folder.place("a.b.2.pcapng")).count == 1)
      #expect(access(folder.place("a.b.pcapng"), F_OK) != 0)
    }

    @Test func extensionMustSayTheFormat() throws {
      let error = #expect(throws: StageBuildError.self) {
        try Stand(stage("capture", ["file": folder.place("a.txt")]))
      }
      #expect(error?.error.fix == "name it .pcap or .pcapng")
    }

    @Test func fileThatCannotBeWrittenIsRefusedAtTheStart() throws {
      let path = folder.place("no-such-folder/a.pcap")
      let error = #expect(throws: StageBuildError.self) {
        try Stand(stage("capture", ["file": path]))
      }
      #expect(error?.error.message.contains(path) ?? false)
    }

    @Test func checkingOpensNothing() throws {
      let path = folder.place("a.pcap")
      _ = try Stand(stage("capture", ["file": path]), mode: .check)
      #expect(folder.names.isEmpty)
    }
  }
}
