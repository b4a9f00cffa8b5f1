// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  /// What one burst found in its packets must not be seen by a later one that did not look.
  @Suite struct HeaderMemoryTests {
    let udp = packet("eth / ipv4 / udp / 20B")

    /// Bursts enter here parsed, or there as they come.
    func stand(_ unparsed: StagePlan...) throws -> Stand {
      try Stand([
        pipeline(
          "parsed", stage("parse", ["malformed": "pass"]), stage("send", ["port": "out"])),
        PipelinePlan(name: "unparsed", stages: unparsed),
        pipeline("behind", stage("drop", ["reason": "remembered"], when: "udp")),
      ])
    }

    @Test func conditionsSeeNoOlderHeaders() throws {
      let stand = try stand(stage("drop", ["reason": "remembered"], when: "udp"))
      try stand.run(Array(repeating: udp, count: 64))
      try stand.run([udp, udp], entry: 1)
      #expect(stand.dropped == ["no-verdict", "no-verdict"])
      stand.checkBalance()
    }

    @Test func conditionsBehindAJumpSeeNoOlderHeaders() throws {
      let stand = try stand(stage("jump", ["pipeline": "behind"]))
      try stand.run([udp])
      try stand.run([udp], entry: 1)
      #expect(stand.dropped == ["no-verdict"])
      stand.checkBalance()
    }

    @Test func conditionsSeeNoOlderMalformation() throws {
      let stand = try stand(
        stage("drop", ["reason": "remembered"], when: "packet.malformation != none"))
      try stand.run([Array(udp.prefix(20))])
      try stand.run([udp], entry: 1)
      #expect(stand.dropped == ["no-verdict"])
      stand.checkBalance()
    }

    @Test func conditionsSeeNoOlderMarks() throws {
      let stand = try Stand([
        pipeline("marking", stage("sample", ["every": "1"]), stage("send", ["port": "out"])),
        pipeline("looking", stage("drop", ["reason": "remembered"], when: "sampled")),
      ])
      try stand.run([udp])
      try stand.run([udp], entry: 1)
      #expect(stand.dropped == ["no-verdict"])
      stand.checkBalance()
    }

    @Test func packetsThatParseDidNotGetHaveNoHeaders() throws {
      let stand = try Stand(
        stage("parse", when: "packet.length > 100"),
        stage("drop", ["reason": "seen"], when: "udp"))
      try stand.run([packet("eth / ipv4 / udp / 200B")])
      try stand.run([udp])
      #expect(stand.dropped == ["seen", "no-verdict"])
      stand.checkBalance()
    }
  }
}
