// SPDX-License-Identifier: BSD-3-Clause
import Bench
import CDPDK
import Pipeline
import Settings
import Testing
import Wire

@testable import Stages
@testable import Tables

/// Puts down what `classify`, `track-flows` and `track-qps` find: rule, flow and queue pair by the
/// last byte of the packet.
private struct Finder: Stage, ~Copyable {
  static var name: String { "find" }
  static var summary: String { "Finds rules and flows by the last byte." }
  static var settings: [any SettingDeclaration] { [] }
  static var example: String { "- find" }

  private var flows: FlowTable
  private var queuePairs: FlowTable

  init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let size: KeyValuePairs = ["capacity": "255"]
    let both = try SettingValues(FlowTable.settings, size)
    let flows = try FlowTable.make(both, context, pairs: false)
    let queuePairs = try FlowTable.make(both, context, pairs: true)
    self.flows = flows
    self.queuePairs = queuePairs
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let packet = burst.packet(index)
      let last = Int(packet.pointee.data_length) - 1
      let number = packet.bytes.load(fromByteOffset: last, as: UInt8.self)
      // 255 stands for a packet that nothing was found of.
      guard number != 255 else { continue }
      burst.setRule(index, UInt32(number))
      burst.setFlow(index, Self.find(number, at: burst.nanoseconds(index), in: &flows))
      burst.setQueuePair(index, Self.find(number, at: burst.nanoseconds(index), in: &queuePairs))
    }
    burst.flowDirectory = flows.directory
    burst.queuePairDirectory = queuePairs.directory
  }

  private static func find(
    _ number: UInt8, at nanoseconds: UInt64, in table: inout FlowTable
  ) -> UnsafeMutablePointer<FlowEntry>? {
    var key = FlowKey()
    key.words[0] = UInt64(number)
    table.lookups.pointee.key = key
    table.lookups.pointee.hash = table.hash(key)
    table.lookups.pointee.nanoseconds = nanoseconds
    _ = table.find(1)
    return table.lookups.pointee.entry
  }
}

extension Running {
  @Suite struct MeterGroupTests {
    private static let registry = StageRegistry(
      StageRegistry.standard.types + [StageType(Finder.self)])

    func stand(_ settings: KeyValuePairs<String, String>) throws -> Stand {
      let all: KeyValuePairs = ["cir": "8bps", "cbs": "2KB"]
      let type = try #require(StageRegistry.standard["meter"])
      var values = try SettingValues(type.description.settings, all)
      for (name, text) in settings {
        let setting = try #require(type.description.settings.first { $0.name == name })
        values.give(try setting.kind.parse(text), to: name, at: nil)
      }
      return try Stand(
        stage("parse"), stage("find", in: Self.registry), stage("meter", values),
        stage("send", ["port": "out"]))
    }

    /// Packets of 1,000 bytes of IP whose last bytes are these.
    func packets(_ numbers: UInt8...) -> [[UInt8]] {
      let bytes = packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp nochecksum / 972B")
      return numbers.map { bytes.dropLast() + [$0] }
    }

    func colors(of stand: Stand) -> [UInt64?] {
      ["green", "red"].map { stand.figure($0, of: 2) }
    }

    @Test(arguments: ["rule", "flow", "queue-pair"])
    func eachHasBucketsOfItsOwn(per: String) throws {
      let stand = try stand(["per": per])
      try stand.run(packets(1, 1, 1, 2, 3, 2, 2, 1))
      #expect(colors(of: stand) == [5, 3])
      stand.checkBalance()
    }

    @Test func allShareTheBucketsOtherwise() throws {
      let stand = try stand([:])
      try stand.run(packets(1, 2, 3, 255))
      #expect(colors(of: stand) == [2, 2])
    }

    @Test(arguments: [("rule", "no rule"), ("flow", "no flow"), ("queue-pair", "no queue pair")])
    func packetsOfNoneAreNotMetered(per: String, words: String) throws {
      let stand = try stand(["per": per])
      try stand.run(packets(255, 1, 255))
      #expect(colors(of: stand) == [1, 0])
      #expect(stand.figure("not metered: \(words), or more than the capacity", of: 2) == 2)
      #expect(stand.sent().count == 3)
      stand.checkBalance()
    }

    @Test(arguments: ["flow", "queue-pair"])
    func moreFlowsThanTheCapacityAreNotMetered(per: String) throws {
      let stand = try stand(["per": per, "capacity": "3"])
      try stand.run(packets(10, 20, 30, 40, 50, 40, 10))
      #expect(colors(of: stand) == [4, 0])
      stand.checkBalance()
    }

    @Test func rulesBeyondTheCapacityAreNotMetered() throws {
      let stand = try stand(["per": "rule", "capacity": "3"])
      try stand.run(packets(0, 2, 3, 4))
      #expect(colors(of: stand) == [2, 0])
    }

    @Test func anEntryThatIsGivenToAnotherFlowHasFullBuckets() throws {
      let stand = try Stand(
        stage("parse"), stage("track-flows", ["capacity": "1"]),
        stage("meter", ["cir": "8bps", "cbs": "2KB", "per": "flow"]),
        stage("send", ["port": "out"]))
      let flow = packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp / 972B")
      let other = packet("eth / ipv4 10.0.0.1 > 10.0.0.3 / udp / 972B")
      try stand.run([flow, flow, flow])
      #expect(colors(of: stand) == [2, 1])
      try stand.run([other, other, other], nanoseconds: 2_000_000)
      #expect(colors(of: stand) == [4, 2])
      try stand.run([flow, flow, flow], nanoseconds: 3_000_000)
      #expect(colors(of: stand) == [6, 3])
      stand.checkBalance()
    }

    /// Numbers of one table's entries are not those of another's.
    @Test func flowsOfAnotherTableAreNotMetered() throws {
      let stand = try Stand(
        stage("parse"), stage("track-flows", when: "tcp"), stage("track-flows", when: "udp"),
        stage("meter", ["cir": "8bps", "cbs": "2KB", "per": "flow"]),
        stage("send", ["port": "out"]))
      let udp = packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp / 972B")
      let tcp = packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / tcp / 960B")
      try stand.run([udp, tcp, udp])
      try stand.run([tcp, tcp])
      #expect(stand.figure("green", of: 3) == 2)
      #expect(stand.figure("not metered: no flow, or more than the capacity", of: 3) == 3)
      stand.checkBalance()
    }

    @Test func manyFlowsKeepTheirBucketsApart() throws {
      let stand = try stand(["per": "flow", "capacity": "200"])
      for _ in 0..<3 {
        for first in stride(from: 0, to: 200, by: 50) {
          let numbers = (first..<first + 50).map { UInt8($0) }
          try stand.run(numbers.flatMap { packets($0) })
        }
      }
      #expect(colors(of: stand) == [400, 200])
      stand.checkBalance()
    }

    @Test func classesHaveBucketsOfTheirOwn() throws {
      let classes = try SettingValues.list(
        dscp: [([1], "meter-test-one"), ([2], "meter-test-two")])
      let type = try #require(StageRegistry.standard["map-priority"])
      var map = try SettingValues(type.description.settings)
      map.give(classes, to: "dscp", at: nil)
      let stand = try Stand(
        stage("parse"), stage("map-priority", map),
        stage("meter", ["cir": "8bps", "cbs": "2KB", "per": "class"]),
        stage("send", ["port": "out"]))
      let numbers = [1, 1, 2, 1, 0, 2, 2]
      try stand.run(numbers.map { packet("eth / ipv4 tos \($0 * 4) / udp / 972B") })
      #expect(colors(of: stand) == [4, 2])
      #expect(stand.figure("not metered: no class, or more than the capacity", of: 2) == 1)
    }
  }
}

extension SettingValues {
  /// Records of `map-priority` that give DSCPs a class.
  static func list(dscp: [([Int], String)]) throws -> SettingValue {
    .list(
      dscp.map { numbers, name in
        var record = SettingValues()
        record.give(.list(numbers.map { .integer($0) }), to: "dscp", at: nil)
        record.give(.text(name), to: "class", at: nil)
        return .record(record)
      })
  }
}
