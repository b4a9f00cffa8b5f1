// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  /// Whatever pipelines do to whatever packets: every packet ends once, every buffer comes back.
  @Suite struct ConservationTests {
    @Test(arguments: 0..<40)
    func noPacketIsLostInRandomPipelines(seed: Int) throws {
      var random = RandomPipelines(seed: UInt64(seed))
      let plans = try random.plans()
      let stand = try Stand(plans, seed: UInt64(seed))
      stand.output("out").appetite = random.flip() ? .max : random.below(20)
      for _ in 0..<6 {
        try stand.run(
          random.packets(), entry: UInt8(random.below(plans.count)),
          from: UInt8(random.below(Stand.ports.count)))
        stand.checkBalance("\(random.description(of: plans))")
      }
      let reported = stand.set.stageCounters.values.reduce(0) { $0 + $1.dropped }
      #expect(reported <= UInt64(stand.drops.departures.count))
    }
  }
}

/// Pipelines and packets by chance.
private struct RandomPipelines {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

  mutating func flip() -> Bool { below(2) == 0 }

  mutating func plans() throws -> [PipelinePlan] {
    let count = 1 + below(5)
    var plans: [PipelinePlan] = []
    for place in 0..<count {
      var stages: [StagePlan] = []
      if below(3) > 0 { stages.append(try stage("parse", when: condition())) }
      for _ in 0..<below(7) { stages.append(try anyStage(in: place, of: count)) }
      plans.append(PipelinePlan(name: "p\(place)", stages: stages))
    }
    return plans
  }

  private mutating func anyStage(in place: Int, of count: Int) throws -> StagePlan {
    let port = Stand.ports[below(3)]
    switch below(9) {
    case 0: return try stage("parse", ["malformed": flip() ? "pass" : "drop"], when: condition())
    case 1:
      return try stage("set", ["ip.ttl": "9", "eth.dst": "02:00:00:00:00:09"], when: condition())
    case 2: return try stage("set", ["pop-vlan": flip() ? "true" : "false"], when: condition())
    case 3:
      return try stage("sample", ["every": "\(1 + below(5))", "mode": "random"], when: condition())
    case 4: return try stage("mirror", ["port": port], when: condition())
    case 5: return try stage("drop", ["reason": "r\(below(3))"], when: condition() ?? "udp")
    case 6 where place + 1 < count:
      let target = place + 1 + below(count - place - 1)
      return try stage("jump", ["pipeline": "p\(target)"], when: condition())
    case 7: return try stage("send", ["port": port], when: condition())
    default: return try stage("count", ["name": "seen"], when: condition())
    }
  }

  private mutating func condition() -> String? {
    let conditions = [
      "udp", "tcp", "not vlan", "sampled", "packet.length > 90", "ip.ttl < 10 or arp",
      "packet.malformation != none",
    ]
    let place = below(conditions.count * 2)
    return place < conditions.count ? conditions[place] : nil
  }

  mutating func packets() -> [[UInt8]] {
    let words = [
      "eth / ipv4 / udp / 64B", "eth / ipv4 ttl 3 / tcp / 10B", "eth / vlan 7 / ipv6 / udp / 30B",
      "eth / arp", "eth / qinq 3 / vlan 4 / ipv4 / icmp / 9B", "eth / 46B",
    ]
    return (0..<below(65)).map { _ in
      var bytes = packet(words[below(words.count)])
      if flip() { bytes.removeLast(below(bytes.count)) }
      for _ in 0..<below(4) { bytes[below(bytes.count)] = UInt8(below(256)) }
      return bytes
    }
  }

  func description(of plans: [PipelinePlan]) -> String {
    plans.map { plan in
      plan.name + ": "
        + plan.stages.map { $0.label + ($0.condition.map { " when \($0.text)" } ?? "") }
        .joined(separator: ", ")
    }.joined(separator: "; ")
  }
}
