// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// A golden run fails on every difference, and says what it is.
struct DifferenceTests {
  static let golden = GoldenCase(name: "packet-limit")
  let expected = GoldenRun(expectedOf: golden)
  let packets = CaptureFile(path: golden.expected + "/host.pcapng").packets

  /// The differences when the expectation has a packet that was changed so.
  func differences(_ change: (inout FilePacket) -> Void) -> [String] {
    var changed = packets
    change(&changed[16])
    return GoldenDifference.packets(changed, expected: packets)
  }

  @Test func nothingIsDifferentFromItself() {
    #expect(GoldenDifference.between(expected, expected: expected) == [])
    #expect(packets.count == 70)
  }

  @Test func aChangedByteIsNamedByItsField() {
    #expect(
      differences { $0.bytes[15] |= 3 } == [
        "packet 17: ip.ecn is CE, expected Not-ECT"
      ])
  }

  @Test func aByteOfNoFieldIsNamedByItsPlace() {
    #expect(differences { $0.bytes[50] = 0xff } == ["packet 17: byte 50 is 0xff, expected 0x10"])
  }

  @Test func timeLengthLinkAndCommentAreCompared() {
    let found = differences {
      $0.nanoseconds += 1
      $0.comment = nil
    }
    #expect(
      found == [
        "packet 17: its time is 1700000000123472806 ns, expected 1700000000123472805 ns",
        "packet 17: its comment is 'absent', expected 'sent to host by ingress/send'",
      ])
    #expect(differences { $0.originalLength += 1 }.joined().contains("packet.length is 65"))
    #expect(differences { $0.link = 101 }.joined().contains("its link type is 101, expected 1"))
  }

  @Test func aLostPacketIsNamedAndTheRestIsNotBlamed() {
    var fewer = packets
    fewer.remove(at: 16)
    let packet = "64 bytes, 10.9.0.16 to 10.2.0.2, sent to host by ingress/send"
    #expect(
      GoldenDifference.packets(fewer, expected: packets) == ["packet 17 is missing: \(packet)"])
    #expect(
      GoldenDifference.packets(packets, expected: fewer) == [
        "before packet 17 is one too many: \(packet)"
      ])
  }

  @Test func packetsLostAtTheEndAreCounted() {
    let found = GoldenDifference.packets(packets.dropLast(3), expected: packets)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("packet 68 is missing, and 2 more: ") == true)
    #expect(
      GoldenDifference.packets(packets, expected: packets.dropLast(3)) == [
        "3 packets too many at the end"
      ])
  }

  @Test func aWrongCounterIsNamedByItsStage() {
    let parts = expected.report.split(separator: "\"stage\": \"send\"", maxSplits: 1)
    let wrong = parts.joined(separator: "\"stage\": \"sent\"")
    let found = GoldenDifference.between(
      GoldenRun(report: wrong, files: expected.files), expected: expected)
    #expect(found == ["report: pipelines[ingress].stages[send].stage is sent, expected send"])
  }

  @Test func missingAndUnexpectedFilesAreNamed() {
    let none = GoldenRun(report: expected.report, files: [:])
    #expect(
      GoldenDifference.between(none, expected: expected) == ["host.pcapng was not written"])
    #expect(
      GoldenDifference.between(expected, expected: none) == ["host.pcapng was not expected"])
  }

  @Test func lostPacketsAndBuffersAreFound() {
    let report = expected.report.replacing("\"sentPackets\": 70", with: "\"sentPackets\": 69")
      .replacing("\"missing\": 0", with: "\"missing\": 1")
    let run = GoldenRun(report: report, files: [:])
    #expect(
      run.imbalances == [
        "received 70 + made 0 is not sent + dropped", "packet buffers are missing",
      ])
    #expect(expected.imbalances == [])
  }
}
