// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Packet = PacketSamples
private typealias Sample = TunnelSamples

struct TunnelParserTests {
  private func parsed(_ bytes: [UInt8], depth: Int = 2) -> Headers {
    var options = ParserOptions()
    options.tunnelDepth = depth
    let parser = Parser(options)
    var headers = Headers()
    bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return }
      parse(
        start, captured: bytes.count, wireLength: bytes.count, link: .ethernet, by: parser.rules,
        into: &headers)
    }
    return headers
  }

  /// RoCE in one tunnel: the tunnel's layers, what it is called, and where the RoCE packet begins.
  struct Tunnel: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let layers: Layers
    let id: UInt32
    var testDescription: String { "\(layers.rawValue) \(id)" }

    init(_ bytes: [UInt8], _ layers: Layers, id: UInt32) {
      self.bytes = bytes
      self.layers = layers
      self.id = id
    }

    private static let words: [UInt8] = [9, 9, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4]
    private static let key: [UInt8] = [0, 2, 3, 4]
    private static let label: [UInt8] = [0, 0x10, 0x01, 64]
    /// ERSPAN behind a GRE header with a key, which nobody sends.
    private static let keyed: [UInt8] = [0, 0, 0, 7, 0, 0, 0, 9, 0x10, 5, 0x61, 1, 0, 1, 2, 3]

    static let all: [Tunnel] = [
      .init(Sample.over(4789, Sample.vxlan(Sample.frame)), .vxlan, id: 7),
      .init(Sample.over(4790, Sample.vxlan(Sample.roce, flags: 0x0c, next: 1)), .vxlan, id: 7),
      .init(
        Sample.over(6081, Sample.geneve(0x6558, Sample.frame, options: [1, 3, 0, 0])), .geneve,
        id: 0x102),
      .init(Sample.overGRE(Sample.gre(0xb0, 0x0800, words + Sample.roce)), .gre, id: 0x10203),
      .init(
        Sample.overGRE(Sample.gre(0x20, 0x6558, key + Sample.frame)), [.gre, .nvgre], id: 0x203),
      .init(Sample.overGRE(Sample.gre(0, 0x88be, Sample.frame)), .gre, id: 0),
      .init(Sample.overGRE(Sample.mirrorII(Sample.frame)), [.gre, .erspan2], id: 0x101),
      .init(Sample.overGRE(Sample.mirrorIII(Sample.frame)), [.gre, .erspan3], id: 0x101),
      .init(Sample.overGRE(Sample.gre(0x30, 0x88be, keyed + Sample.frame)), .gre, id: 0x101),
      .init(Sample.over(4754, Sample.gre(0, 0x0800, Sample.roce)), .gre, id: 0),
      .init(Sample.over(6635, label + Sample.roce), [], id: 0x100),
      .init(Sample.over(2152, Sample.gtpu(Sample.roce)), .gtpu, id: 0xabcd),
      .init(Packet.ethernet(0x86dd, Packet.ipv6(4, Sample.roce)), [], id: 0),
    ]
  }

  @Test(arguments: Tunnel.all)
  func roceIsFoundInEveryTunnel(tunnel: Tunnel) throws {
    let headers = parsed(tunnel.bytes)
    #expect(headers.malformation == .none)
    #expect(headers.layers.intersection(.tunnels) == tunnel.layers)
    #expect(headers.tunnelID == tunnel.id)
    #expect(headers.tunnelCount == 1)
    #expect(headers.layers.isSuperset(of: [.innerIPv4, .innerUDP, .bth, .reth]))
    #expect(headers[.rdma] == tunnel.bytes.count - Sample.write.count)
    #expect(headers[.innerTransport] == headers[.rdma] - 8)
    #expect([Int(headers.end), Int(headers.rdmaEnd)] == [tunnel.bytes.count, tunnel.bytes.count])
    let packets = FieldPackets(tunnel.bytes)
    let values: [(String, UInt64)] = [("dest_qp", 0x2a), ("psn", 0x1234), ("opcode", 0x0a)]
    for (name, value) in values {
      let field = try #require(FieldTable.field(named: "bth.\(name)"))
      #expect(field.value(in: packets) == .number(value))
    }
  }

  @Test func theOlderRoCEIsFoundToo() {
    let headers = parsed(Sample.over(4789, Sample.vxlan(Sample.roceV1)))
    #expect(headers.layers.isSuperset(of: [.vxlan, .innerEthernet, .grh, .bth, .reth]))
    #expect(headers.layers.isDisjoint(with: .innerIP))
  }

  @Test(arguments: [0, 1, 2, 5, 10, 255])
  func tunnelsAreEnteredAsDeepAsTheOptionsSay(depth: Int) {
    let bytes = Packet.ethernet(0x0800, Sample.nested(10))
    let headers = parsed(bytes, depth: depth)
    #expect(headers.malformation == .none)
    #expect(Int(headers.tunnelCount) == min(depth, 10))
    #expect(headers.layers.contains(.innerIPv4) == (depth > 0))
    if depth > 0 { #expect(headers[.innerNetwork] == 14 + 20 * min(depth, 10)) }
    #expect(headers.layers.contains(.bth) == (depth >= 10))
    #expect(headers.ipProtocol == IPProtocol.ipv4.rawValue)
    #expect(headers.end == UInt16(bytes.count))
  }

  @Test func aRecordHasTheInnermostTunnelOnly() {
    let inner = Sample.over(4789, Sample.vxlan(Sample.roceV1))
    let headers = parsed(Sample.overGRE(Sample.mirrorII(inner)))
    #expect(headers.layers.intersection(.tunnels) == .vxlan)
    #expect(headers.layers.intersection(.inner) == .innerEthernet)
    #expect(headers.tunnelCount == 2)
    #expect(headers.innerProtocol == 0)
  }

  @Test func depthZeroSaysNothingOfAnyTunnel() {
    for sample in Sample.all + Sample.unsound {
      let headers = parsed(sample.bytes, depth: 0)
      #expect(headers.layers.isDisjoint(with: Layers.tunnel.union(.bth)))
      #expect(headers.malformation == .none)
    }
  }

  @Test(arguments: [0x2000, 0x0010] as [UInt16])
  func tunnelsInFragmentsAreLeftAlone(fragment: UInt16) {
    let tunnels: [(UInt8, [UInt8])] = [
      (17, Packet.udp(Sample.vxlan(Sample.frame), destination: 4789)),
      (47, Sample.gre(0, 0x0800, Sample.roce)), (4, Sample.roce),
    ]
    for (kind, rest) in tunnels {
      let headers = parsed(Packet.ethernet(0x0800, Packet.ipv4(kind, rest, fragment: fragment)))
      #expect(headers.layers.isDisjoint(with: Layers.tunnel.union(.bth)))
      #expect(headers.malformation == .none)
    }
  }

  @Test func aFragmentInATunnelIsLeftAloneToo() {
    let inner = Packet.ipv4(17, Packet.udp(Sample.write, destination: 4791), fragment: 0x2000)
    let headers = parsed(Sample.over(6081, Sample.geneve(0x0800, inner)))
    #expect(headers.layers.isSuperset(of: [.innerFragment, .innerUDP]))
    #expect(headers.layers.isDisjoint(with: [.fragment, .bth]))
  }
}
