// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing
import Wire

extension Running {
  /// Stages of congestion in any order, with any packets at any times: each is sent or dropped
  /// once, and what leaves a queue leaves in the order of time.
  @Suite(.serialized) struct HostileTrafficTests {
    @Test(arguments: 0..<24, ["live", "replay"])
    func everyPacketIsAccountedForAndTimeGoesForward(seed: Int, mode: String) throws {
      var traffic = HostileTraffic(seed: UInt64(seed))
      var stages = HostileStages(seed: UInt64(seed))
      let stand = try Stand(
        [PipelinePlan(name: "main", stages: try stages.plans())],
        mode: mode == "live" ? .live : .replay, seed: UInt64(seed), packets: 4095)
      for _ in 0..<120 {
        let (packets, time) = traffic.next()
        // What is due comes first, but for a little.
        let isLate = traffic.random.next() % 4 == 0
        stand.release(until: isLate ? time - min(time, 20_000_000) : time)
        try stand.run(
          packets, from: UInt8(traffic.random.next() % 3), nanoseconds: time,
          wireLength: traffic.wireLength)
      }
      stand.release(until: .max - 1)
      #expect(stand.set.nextRelease == .max)
      stand.checkBalance("seed \(seed)")
      let times = stand.sent().map(\.nanoseconds)
      #expect(times == times.sorted(), "seed \(seed)")
      #expect(!times.isEmpty || !stand.dropped.isEmpty, "seed \(seed)")
    }
  }
}

/// Which stages there are, in which order and with which settings.
private struct HostileStages {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed &* 2 &+ 1) }

  private mutating func one(_ texts: String...) -> String {
    texts[Int(random.next() % UInt64(texts.count))]
  }

  private mutating func rate() -> String { one("1Mbps", "77Mbps", "1Gbps", "400Gbps") }

  mutating func plans() throws -> [StagePlan] {
    var middle = [
      try stage("map-priority", ["map": "roce-dscp26"]), try stage("track-qps"),
      try stage("impair", text: impairments()),
      try stage("mark-ecn", text: "{rate: \(rate()), \(marks())}"),
      try stage("dcqcn-rp", text: "{rate: \(rate()), packets: 100, packets-per-queue-pair: 30}"),
      try stage("dcqcn-np", text: "{port: tap, interval: \(one("0us", "4us", "50us"))}"),
      try stage(
        "pfc", text: "{port: out, rate: \(one("1Gbps", "400Gbps")), watchdog: \(watchdog())}"),
    ]
    middle.shuffle(using: &random)
    middle.removeLast(Int(random.next() % 4))
    return [try stage("parse", ["malformed": "pass"])] + middle
      + [try stage("queue", text: queue()), try stage("send", ["port": "out"])]
  }

  private mutating func impairments() -> String {
    one(
      "{loss: 10%}", "{delay: 10us, jitter: 10us, duplicate: 20%}",
      "{reorder: 20%, reorder-delay: 1ms, duplicate: 50%, capacity: 20}",
      "{corrupt: 50%, ce: 50%, burst-loss: {p: 10%, r: 50%}}", "{delay: 1000s, capacity: 5}")
  }

  private mutating func marks() -> String {
    one("min: 0B, max: 10KB, probability: 50%", "profile: hpcc", "curve: step, min: 0B")
  }

  private mutating func watchdog() -> String {
    "{detect: \(one("1us", "100us", "10ms")), restore: \(one("1us", "1ms")),"
      + " action: \(one("drop", "forward", "alert"))}"
  }

  private mutating func queue() -> String {
    let scheduler = one(
      "fifo", "strict", "dwrr, weights: [1, 1, 1, 8, 8, 1, 0, 0]",
      "dwrr, weights: [1, 1000, 1, 1, 1, 1, 1, 1]")
    let decision = one("", "", ", decide: dequeue")
    let extras = one(
      "", "port: out,",
      "port: out, pause: {ports: [in], xoff: 500B, xon: 0B, quanta: 999, rate: 1Gbps},",
      "port: out, pause: {ports: [in, tap], xoff: 3KB, xon: 1KB, rate: 10Gbps},",
      "mode: real, priority-capacity: 2KB,")
    return "{rate: \(rate()), scheduler: \(scheduler), capacity: \(one("1KB", "9KB", "1MB")),"
      + " packets: \(one("1", "16", "300")), \(extras) mark: {\(marks())\(decision)}}"
  }
}

/// Packets of what these stages look at, some of them damaged, and when they come.
private struct HostileTraffic {
  var random: SplitMix64
  private var time: UInt64 = 1_700_000_000_000_000_000

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

  /// Now and then another length than that of the bytes.
  var wireLength: Int? {
    mutating get { [nil, nil, nil, 0, 9000, 65535][below(6)] }
  }

  mutating func next() -> (packets: [[UInt8]], time: UInt64) {
    switch below(40) {
    case 0..<14: break
    case 14..<26: time += UInt64(below(100_000))
    case 26..<34: time += UInt64(below(20_000_000))
    case 34..<37: time -= UInt64(below(1_000_000))
    case 37: time -= min(time, 100_000_000_000_000_000)
    case 38: time += 60_000_000_000
    // Three years.
    default: time += 100_000_000_000_000_000
    }
    let count = below(20) == 0 ? 64 : 1 + below(8)
    return ((0..<count).map { _ in packet() }, time)
  }

  private mutating func packet() -> [UInt8] {
    var bytes = wellFormed()
    switch below(6) {
    case 0: for _ in 0..<1 + below(4) { bytes[below(bytes.count)] = UInt8(below(256)) }
    case 1: bytes.removeLast(below(bytes.count))
    default: break
    }
    return bytes
  }

  private mutating func wellFormed() -> [UInt8] {
    var roce = RoCEPackets()
    if below(3) == 0 { roce = RoCEPackets(source: "2001:db8::1", destination: "2001:db8::2") }
    let number = UInt32(below(3))
    switch below(12) {
    case 0..<4: return marked(roce.send(to: 21 + number, UInt32(below(1 << 24))))
    case 4: return roce.acknowledge(to: 21 + number, 5)
    case 5, 6: return roce.back.notify(11 + number)
    case 7: return roce.connect(from: 11 + number, number)
    case 8: return roce.back.reply(from: 21 + number, to: number)
    case 9: return Bench.packet("eth / ipv4 tos \(below(256)) / udp / \(below(1400))B")
    default: return pause()
    }
  }

  private mutating func pause() -> [UInt8] {
    let quanta = UInt16([0, 1, 100, 65535][below(4)])
    let vector = UInt8(below(256))
    let isPFC = below(4) > 0
    var bytes = [UInt8](repeating: 0, count: PauseFrame.length)
    bytes.withUnsafeMutableBytes { memory in
      guard let start = memory.baseAddress else { return }
      if isPFC {
        PauseFrame.writePFC(
          vector: vector, .init(repeating: quanta), from: MACAddress(value: 1), to: start)
      } else {
        PauseFrame.writePause(quanta, from: MACAddress(value: 1), to: start)
      }
    }
    return bytes
  }
}
