// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing
import Wire

@testable import Stages

extension Running {
  @Suite struct ClassifyTests {
    /// `classify` with these rules behind `parse`.
    func stand(
      _ rules: [[String: SettingValue]], then stages: StagePlan..., reasons: DropReasons = .init()
    ) throws -> Stand {
      let records = rules.map { SettingValue.record(Self.record($0)) }
      var settings = try SettingValues(Classify.settings, ["rules": "[]"])
      settings.give(.list(records), to: "rules", at: nil)
      let classify = StagePlan(
        label: "classify", type: StageType(Classify.self), settings: settings, condition: nil)
      let all = [try stage("parse"), classify] + stages
      return try Stand([PipelinePlan(name: "main", stages: all)], reasons: reasons)
    }

    static func record(_ rule: [String: SettingValue]) -> SettingValues {
      var values = SettingValues()
      values.assume(.integer(0), for: "priority")
      for (name, value) in rule { values.give(value, to: name, at: nil) }
      return values
    }

    func condition(_ text: String) throws -> SettingValue {
      .expression(try Expression.parse(text))
    }

    /// A datagram to this port.
    func datagram(to port: UInt16, ttl: UInt8 = 64) -> [UInt8] {
      var udp = big(4000) + big(port)
      udp += big(12) + big(0) + [1, 2, 3, 4]
      return ipv4(17, udp, ttl: ttl)
    }

    func ipv4(_ proto: UInt8, _ rest: [UInt8], ttl: UInt8) -> [UInt8] {
      var packet = [UInt8](repeating: 2, count: 12) + big(0x0800) + [0x45, 0]
      packet += big(UInt16(20 + rest.count))
      packet += [0, 0, 0, 0, ttl, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
      return packet + rest
    }

    @Test func theFirstRuleThatMatchesGivesTheClass() throws {
      let stand = try stand(
        [
          ["match": condition("udp.dst == 53"), "class": .text("names")],
          ["match": condition("udp"), "class": .text("datagrams")],
        ],
        then: stage("send", ["port": "tap"], when: "class == names"),
        stage("send", ["port": "out"], when: "class == datagrams"))
      try stand.run([datagram(to: 53), datagram(to: 54), datagram(to: 53)])
      #expect(stand.sent("tap").count == 2)
      #expect(stand.sent("out").count == 1)
      stand.checkBalance()
    }

    @Test func greaterPriorityWinsOverOrder() throws {
      let stand = try stand(
        [
          ["match": condition("udp"), "class": .text("low")],
          ["match": condition("udp"), "class": .text("high"), "priority": .integer(7)],
        ], then: stage("send", ["port": "tap"], when: "class == high"))
      try stand.run([datagram(to: 1)])
      #expect(stand.sent("tap").count == 1)
    }

    @Test func rulesDropSendAndRewrite() throws {
      let ttl = try #require(FieldTable.field(named: "ip.ttl"))
      let reasons = DropReasons()
      let stand = try stand(
        [
          ["match": condition("udp.dst == 1"), "drop": .text("unwanted")],
          [
            "match": condition("udp.dst == 2"), "send": .text("tap"),
            "set": .assignments([FieldAssignment(field: ttl, value: .number(9))]),
          ],
        ], then: stage("send", ["port": "out"]), reasons: reasons)
      try stand.run([datagram(to: 1), datagram(to: 2), datagram(to: 3)])
      #expect(stand.dropped == ["unwanted"])
      #expect(stand.sent("tap").map { $0.bytes[22] } == [9])
      #expect(stand.sent("out").map { $0.bytes[22] } == [64])
      stand.checkBalance()
    }

    @Test func aRuleWithoutAConditionTakesTheRest() throws {
      let stand = try stand(
        [
          ["match": condition("udp.dst == 1"), "class": .text("one")],
          ["class": .text("rest")],
        ], then: stage("send", ["port": "tap"], when: "class == rest"))
      try stand.run([datagram(to: 1), datagram(to: 2), [UInt8](repeating: 0, count: 60)])
      #expect(stand.sent("tap").count == 2)
    }

    @Test func packetsAndBytesAreCountedByRule() throws {
      let stand = try stand([
        ["id": .text("names"), "match": condition("udp.dst == 53")],
        ["id": .text("unused"), "match": condition("udp.dst == 54")],
      ])
      try stand.run([datagram(to: 53), datagram(to: 53), datagram(to: 80)])
      #expect(stand.figure("names: packets", of: 1) == 2)
      #expect(stand.figure("names: bytes", of: 1) == 92)
      #expect(stand.figure("unused: packets", of: 1) == nil)
      #expect(stand.figure("no rule matched", of: 1) == 1)
    }

    @Test func tablesSayWhatTheyTake() throws {
      let ports = try (0..<20).map { ["match": try condition("udp.dst == \($0)")] }
      let stand = try stand(ports)
      #expect(stand.figure("rules", of: 1) == 20)
      #expect(stand.figure("in use", of: 1) == 20)
      let capacity = try #require(stand.figure("capacity", of: 1))
      #expect(capacity >= 20 && capacity <= 30)
      // Two words for each place, and two bytes for each four keys.
      #expect(stand.figure("bytes of memory", of: 1) == capacity * 16 + 12)
      #expect(stand.figure("rules asked one by one", of: 1) == 0)
    }

    @Test func rulesInNoTableAreCounted() throws {
      let stand = try stand([["match": condition("udp")], ["match": condition("tcp")]])
      #expect(stand.figure("rules asked one by one", of: 1) == 2)
      #expect(stand.figure("bytes of memory", of: 1) == 0)
    }

    @Test func burstsAskForNoMemory() throws {
      let stand = try stand(
        (0..<20).map { port in
          ["match": try condition("udp.dst == \(port)"), "class": .text("c\(port)")]
        }, then: stage("send", ["port": "out"]))
      for port in Stand.ports { stand.output(port).records = false }
      let burst = (0..<64).map { datagram(to: UInt16($0)) }
      // Swift looks types up when they are first used.
      for _ in 0..<3 { try stand.run(burst) }
      let before = stand.allocations
      for _ in 0..<50 { try stand.run(burst) }
      #expect(stand.allocations == before)
    }

    @Test func twoEndsOfOneRuleAreRefused() throws {
      #expect(throws: (any Error).self) {
        try stand([["send": .text("out"), "drop": .text("no")]])
      }
    }

    @Test func twoRulesOfOneNameAreRefused() throws {
      #expect(throws: (any Error).self) {
        try stand([["id": .text("a")], ["id": .text("a"), "match": condition("udp")]])
      }
    }
  }
}
