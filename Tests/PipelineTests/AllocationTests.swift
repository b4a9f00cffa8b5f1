// SPDX-License-Identifier: BSD-3-Clause
import Bench
import CAllocations
import Pipeline
import Settings
import Testing

extension Running {
  /// Counted are the calls of malloc on the thread that runs the bursts, not bytes in use: memory
  /// that was taken and given back shows, and what other tests do meanwhile does not.
  @Suite struct AllocationTests {
    let packets = [
      packet("eth / ipv4 / udp / 64B"), packet("eth / ipv4 / tcp / 10B"), packet("eth / arp"),
      packet("eth / vlan 7 / ipv6 / udp / 30B"), Array(packet("eth / ipv4 / udp / 9B").prefix(30)),
      packet("eth / ipv4 10.9.0.1 > 10.0.0.2 ttl 3 / udp / 1000B"),
    ]

    func everyStage() throws -> [PipelinePlan] {
      [
        pipeline(
          "main", try stage("count", ["name": "before"]), try stage("parse"),
          try stage("count", ["name": "udp"], when: "udp"), try stage("sample", ["every": "3"]),
          try stage("mirror", ["port": "tap", "cut": "60B"], when: "sampled"),
          try stage("capture", ["file": "/dev/null", "cut": "100B"]),
          try stage("set", ["ip.dscp": "26", "udp.src": "9", "pop-vlan": "true"]),
          try stage(
            "encapsulate",
            [
              "type": "vxlan", "id": "7", "src": "192.0.2.1", "dst": "192.0.2.2",
              "eth-src": "02:00:00:00:00:01", "eth-dst": "02:00:00:00:00:02", "checksum": "true",
            ]),
          try stage("decapsulate"), try stage("convert-roce", ["to": "v1"]),
          try stage("drop", ["reason": "no-arp"], when: "arp"),
          try stage("jump", ["pipeline": "rest"], when: "tcp or ip.src in 10.9.0.0/16"),
          try stage("send", ["port": "out"])),
        pipeline(
          "rest", try stage("sample", ["every": "2", "mode": "random"]),
          try stage("send", ["port": "in"], when: "sampled")),
      ]
    }

    @Test func burstsAllocateNothing() throws {
      let stand = try Stand(everyStage())
      for port in Stand.ports { stand.output(port).records = false }
      stand.drops.records = false
      let burst = (0..<64).map { packets[$0 % packets.count] }
      // Swift looks types up when they are first used.
      for _ in 0..<3 { try stand.run(burst) }
      let before = stand.allocations
      for _ in 0..<2000 { try stand.run(burst) }
      #expect(stand.allocations - before == 0)
      #expect(stand.set.stageCounters.values.allSatisfy { $0.packets > 0 })
      stand.set.finish()
      stand.checkBalance()
    }

    @Test func allocationsAreNoticed() {
      let before = allocations_of_this_thread()
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
      memory.deallocate()
      #expect(allocations_of_this_thread() > before)
    }
  }
}
