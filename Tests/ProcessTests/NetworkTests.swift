// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Sluice as a wire between two hosts, through packet sockets of the kernel.
@Suite(
  .serialized,
  .enabled(if: TestNetwork.isPossible, "needs root, ip, python3 and network namespaces"))
struct NetworkTests {
  let bench = Workbench()

  @Test func framesArriveAsReplayWritesThem() {
    bench.write(
      "wire.yaml", wire: "af_packet:west", host: "af_packet:east", "parse",
      "set: {ip.ttl: 5, ip.dscp: 26, ip.ecn: CE}")
    let network = TestNetwork(in: bench.folder)
    let run = network.sluice("wire.yaml")
    let receiver = network.traffic(on: "right", "receive", "right", "24", "10")

    let sender = network.traffic(
      on: "left", "send", "left", Workbench.golden + "/Inputs/mixed.pcap")

    #expect(sender.wait() == .status(0), "\(sender.errors)")
    #expect(receiver.wait() == .status(0), "\(receiver.errors)")
    run.send(SIGINT)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    let expected = asPacketSockets(Workbench.expected("set-ip")).map(hexadecimal)
    #expect(receiver.output.split(separator: "\n").dropFirst().map(String.init) == expected)
  }

  @Test func aConnectionWorksThroughRewritesInBothDirections() {
    bench.folder.write(
      """
      sluice: 1
      ports: {west: "af_packet:west", east: "af_packet:east"}
      pipelines:
        eastward:
          input: west
          stages:
            - parse
            - set: {ip.ttl: 9, ip.ecn: "ECT(0)", push-vlan: {id: 7}}
            - set: {pop-vlan: true}
            - send: east
        westward:
          input: east
          stages:
            - parse
            - set: {ip.dscp: 10}
            - send: west
      """, to: "wire.yaml")
    let network = TestNetwork(in: bench.folder)
    let run = network.sluice("wire.yaml")
    let server = network.traffic(on: "right", "serve", "right", "10.99.0.2")

    let client = network.traffic(on: "left", "ask", "left", "10.99.0.2", "300000")

    #expect(client.wait() == .status(0), "\(client.errors)")
    #expect(server.wait() == .status(0), "\(server.errors)")
    run.send(SIGTERM)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(run.figures?.number("ports[east].sentBytes") ?? 0 > 300_000)
    #expect(run.figures?.number("totals.droppedPackets") == 0)
  }

  @Test(.enabled(if: TestNetwork.haveExpressDataPath, "the kernel has no XDP sockets"))
  func expressDataPathHasMemoryForItsPool() {
    bench.folder.write(
      """
      sluice: 1
      hugepages: never
      ports: {west: {device: "af_xdp:west", mtu: 3000}, east: "af_packet:east"}
      pipelines: {eastward: {input: west, stages: [{send: east}]}}
      """, to: "wire.yaml")
    let network = TestNetwork(in: bench.folder)
    #expect(
      network.start(on: "left", ["ip", "link", "set", "left", "mtu", "3000"]).wait() == .status(0))
    #expect(
      network.start(on: "middle", ["ip", "link", "set", "west", "mtu", "3000"]).wait() == .status(0)
    )
    let run = network.sluice("wire.yaml")
    let receiver = network.traffic(on: "right", "receive", "right", "24", "10")
    let sender = network.traffic(
      on: "left", "send", "left", Workbench.golden + "/Inputs/mixed.pcap")
    #expect(sender.wait() == .status(0), "\(sender.errors)")
    #expect(receiver.wait() == .status(0), "\(receiver.errors)")
    run.send(SIGINT)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
  }

  /// What DPDK's packet sockets do to packets: they have the kernel put fragments of IPv4 together,
  /// so that those without the rest never come, and put tags back as 802.1Q whatever they were.
  private func asPacketSockets(_ packets: [[UInt8]]) -> [[UInt8]] {
    packets.filter { packet in
      let isFragment = packet[20] & 0x3f != 0 || packet[21] != 0
      return packet[12..<14] != [0x08, 0x00] || !isFragment
    }.map { packet in
      packet[12..<14] == [0x88, 0xa8] ? packet[..<12] + [0x81, 0x00] + packet[14...] : packet
    }
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
