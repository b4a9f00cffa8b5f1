// SPDX-License-Identifier: BSD-3-Clause
import Bench
import DPDK
import Pipeline
import Testing

@testable import Stages

extension Running {
  /// What fuzzers look for, over packets that are nearly right, and what they have found.
  @Suite struct HostilePacketTests {
    /// Pools that live as long as this does.
    private final class Pools {
      var all: [PacketPool] = []

      func promises() throws -> TunnelPromises {
        _ = try Environment.eal
        return try TunnelPromises { room in
          all.append(try PacketPool(name: "hostile", packets: 63, dataRoom: Int(room)))
          return all[all.count - 1].handle
        }
      }
    }

    /// What fuzzers found, as `xxd -p` prints it: convert-roce read what it had taken off; bytes
    /// behind a tunnel's datagram lay in two buffers.
    @Test(arguments: [
      "0a030052540077000252540077000108004500002c347e40004011f1a60a4d00010a4d0002c12112b700"
        + "1800000480ffff00000011807be01a3dfb1412",
      "030000020000000102020000000101080045030062000040003e11b884c0000201c0000202d99c12b500"
        + "4e0000080000000013080300001b89005254007700025254007700010800450200304fed40004011d631"
        + "0a4d00010a213cab64001b213cac300800450000668807400040118a7d14000002140000014d0002d2ea"
        + "12b7001c00001100ffffa9b317c100520100000165a900000b00b69ed2495148fe71d8837200",
    ])
    func findingsKeepTheirPromises(input: String) throws {
      let pools = Pools()
      let promises = try pools.promises()
      withExtendedLifetime(pools) {
        #expect(promises.broken(by: ICRCTests.bytes(input)) == nil)
      }
    }

    @Test func tunnelStagesKeepTheirPromises() throws {
      let pools = Pools()
      defer { withExtendedLifetime(pools) {} }
      let promises = try pools.promises()
      var random = SplitMix64(seed: 5)
      for sample in Self.samples {
        for pipeline in 0..<UInt8(TunnelPromises.pipelineCount) {
          for _ in 0..<4 {
            let form = UInt8(truncatingIfNeeded: random.next())
            var input = [pipeline, form, 0] + sample
            for _ in 0..<random.next() % 3 {
              let place = 3 + Int(random.next() % UInt64(min(sample.count, 100)))
              input[place] = UInt8(truncatingIfNeeded: random.next())
            }
            #expect(promises.broken(by: input) == nil, "\(input)")
          }
        }
      }
    }

    private static let samples: [[UInt8]] = [
      packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp 1 > 2 / 40B"),
      packet("eth / ipv6 2001:db8::1 > 2001:db8::2 / tcp 1 > 2 / 40B"),
      packet("eth / arp"), ConvertRoCETests.public1[0], ConvertRoCETests.six,
      tunnelled(packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp 1 > 2 / 200B")),
      tunnelled(packet("eth / ipv6 / udp 1 > 2 / 40B"), outer: "ipv6"),
    ]

    @Test(arguments: [
      "0match,priority,class\n\"udp.dst in {1, 2}\",3,a\nudp,,b\ntcp,9,\n,,rest\n",
      "1- {match: 'ip.src in 10.0.0.0/8', drop: no}\n- {match: tcp, send: tap, priority: 7}\n"
        + "- {match: ipv6, jump: slow}\n"
        + "- {match: arp, class: a, set: {eth.src: 02:00:00:00:00:09}}",
      "1- {match: udp, id: x}\n- {match: udp, id: x}", "0", "", "1- {send: nowhere}",
    ])
    func rulesKeepTheirPromises(text: String) throws {
      _ = try Environment.eal
      let pool = try PacketPool(name: "hostile", packets: 63, dataRoom: 2176)
      let folder = Folder()
      let promises = RulePromises(
        pool: pool.handle, packets: Self.samples, folder: folder.path)
      withExtendedLifetime(pool) { #expect(promises.broken(by: Array(text.utf8)) == nil) }
    }
  }
}
