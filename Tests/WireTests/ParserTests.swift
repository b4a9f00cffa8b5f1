// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Packet = PacketSamples

struct ParserTests {
  private func parsed(
    _ bytes: [UInt8], wireLength: Int? = nil, link: LinkType = .ethernet
  ) -> Headers {
    CapturedPacket(bytes: bytes, wireLength: wireLength ?? bytes.count, link: link).parsed()
  }

  @Test func headersTakeOneCacheLine() {
    #expect(MemoryLayout<Headers>.size == 64)
    #expect(MemoryLayout<Headers>.stride == 64)
  }

  @Test func datagramsAreFoundBehindTheirHeaders() {
    let headers = parsed(Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp())))
    #expect(headers.layers == [.ethernet, .ipv4, .udp])
    #expect([headers[.network], headers[.transport], headers[.payload]] == [14, 34, 42])
    #expect(headers.end == 46)
    #expect(headers.ipProtocol == IPProtocol.udp.rawValue)
    #expect(headers.malformation == .none)
  }

  @Test(arguments: [17, 6] as [UInt8])
  func paddingLiesBehindTheEnd(kind: UInt8) {
    let packet = Packet.ethernet(
      0x0800, Packet.ipv4(kind, kind == 17 ? Packet.udp() : Packet.tcp()))
    let headers = parsed(packet + [UInt8](repeating: 0, count: 18))
    #expect(Int(headers.end) == packet.count)
    #expect(headers.malformation == .none)
  }

  @Test func aPacketThatASnapLengthCutBehindItsHeadersIsSound() {
    let packet = Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp([UInt8](1...100))))
    let headers = parsed(Array(packet[..<50]), wireLength: packet.count)
    #expect(headers.layers == [.ethernet, .ipv4, .udp])
    #expect(headers.end == 50)
    #expect(headers.malformation == .none)
  }

  @Test func aPacketCutOnTheWireIsNot() {
    let packet = Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp([UInt8](1...100))))
    let headers = parsed(Array(packet[..<50]))
    #expect(headers.layers == [.ethernet, .ipv4, .udp])
    #expect(headers.malformation == .ipv4PacketCut)
  }

  @Test(arguments: 1...4)
  func uptoFourTagsArePassed(count: Int) {
    let headers = parsed(Packet.ethernet(0x8100, Packet.tags(count)))
    #expect(Int(headers.vlanCount) == count)
    #expect(headers.layers.contains(.secondVLAN) == (count > 1))
    #expect(headers.layers.contains([.vlan, .udp]))
    #expect(headers[.network] == 14 + 4 * count)
  }

  @Test func theOuterTwoTagsKeepTheirPlace() {
    let headers = parsed(Packet.ethernet(0x88a8, Packet.tags(3)))
    #expect([headers[.vlan], headers[.secondVLAN]] == [14, 18])
  }

  @Test func onlyTheFirstFragmentHasATransportHeader() {
    let first = parsed(Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp(), fragment: 0x2000)))
    let later = parsed(Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp(), fragment: 0x0010)))
    #expect(first.layers == [.ethernet, .ipv4, .fragment, .udp])
    #expect(later.layers == [.ethernet, .ipv4, .fragment])
    #expect([later[.transport], later[.payload]] == [34, 34])
  }

  /// The length of a datagram counts what later fragments bring.
  @Test func aFirstFragmentMayBeShorterThanItsDatagram() {
    var datagram = Packet.udp()
    datagram[5] = 200
    let headers = parsed(Packet.ethernet(0x0800, Packet.ipv4(17, datagram, fragment: 0x2000)))
    #expect(headers.malformation == .none)
  }

  @Test func extensionHeadersArePassed() {
    let chain = Packet.extended(43, Packet.extended(60, Packet.extended(17, Packet.udp())))
    let headers = parsed(Packet.ethernet(0x86dd, Packet.ipv6(0, chain)))
    #expect(headers.layers == [.ethernet, .ipv6, .sourceRouted, .udp])
    #expect([headers[.network], headers[.transport], headers[.payload]] == [14, 78, 86])
    #expect(headers.ipProtocol == 17)
  }

  @Test func anAtomicFragmentIsNoFragment() {
    let fragment: [UInt8] = [17, 0, 0, 0, 0, 0, 0, 9] + Packet.udp()
    let headers = parsed(Packet.ethernet(0x86dd, Packet.ipv6(44, fragment)))
    #expect(headers.layers == [.ethernet, .ipv6, .udp])
  }

  @Test(arguments: [LinkType.rawIP, .linuxCooked, .linuxCooked2, .loopback])
  func everyLinkTypeLeadsToTheDatagram(link: LinkType) {
    for sample in Packet.all where sample.link == link {
      let headers = parsed(sample.bytes, link: link)
      #expect(!headers.layers.isDisjoint(with: [.udp, .tcp]))
      #expect(headers.malformation == .none)
    }
  }

  @Test func bytesPastSixtyFourKilobytesCountAsNotCaptured() {
    let packet = Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp()))
    let headers = parsed(packet + [UInt8](repeating: 0, count: 70000))
    #expect(headers.end == 46)
    #expect(parsed([UInt8](repeating: 0, count: 70000), link: .infiniband).end == 65535)
  }

  @Test func nonsenseLengthsAreHarmless() {
    var headers = Headers()
    let nothing = UnsafeMutableRawPointer.allocate(byteCount: 0, alignment: 1)
    defer { nothing.deallocate() }
    parse(
      nothing, captured: -1, wireLength: .min, link: .ethernet, by: standardRules, into: &headers)
    #expect(headers.malformation == .ethernetHeaderCut)
    parse(nothing, captured: 0, wireLength: .max, link: .rawIP, by: standardRules, into: &headers)
    #expect(headers.malformation == .rawIPHeaderCut)
  }
}
