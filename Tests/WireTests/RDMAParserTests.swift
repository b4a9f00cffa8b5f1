// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias RDMA = RDMASamples

struct RDMAParserTests {
  private func parsed(
    _ bytes: [UInt8], wireLength: Int? = nil, link: LinkType = .ethernet
  ) -> Headers {
    CapturedPacket(bytes: bytes, wireLength: wireLength ?? bytes.count, link: link).parsed()
  }

  /// The header lengths of the specification's table 38, beside the base header's 12.
  @Test(
    arguments: [
      (.init(rawValue: 0x04), 0, []), (.init(rawValue: 0x09), 4, [.immDt]),
      (.init(rawValue: 0x0a), 16, [.reth]), (.init(rawValue: 0x2b), 20, [.reth, .immDt]),
      (.init(rawValue: 0x0c), 16, [.reth]), (.init(rawValue: 0x0e), 0, []),
      (.init(rawValue: 0x10), 4, [.aeth, .ack]),
      (.init(rawValue: 0x12), 12, [.aeth, .ack, .atomicAckETH]),
      (.init(rawValue: 0x13), 28, [.atomicETH]), (.init(rawValue: 0x17), 4, [.ieth]),
      (.init(rawValue: 0x1c), 20, [.feth, .reth]),
      (.init(rawValue: 0x46), 28, [.rdeth, .deth, .reth]),
      (.init(rawValue: 0x4e), 4, [.rdeth]), (.init(rawValue: 0x51), 8, [.rdeth, .aeth, .ack]),
      (.init(rawValue: 0x65), 12, [.deth, .immDt]), (.cnp, 16, []),
      (.init(rawValue: 0xab), 24, [.xrceth, .reth, .immDt]),
      (.init(rawValue: 0xaf), 4, [.aeth, .ack]),
    ] as [(Opcode, Int, Layers)])
  func opcodesHaveTheirExtensionHeaders(opcode: Opcode, length: Int, layers: Layers) {
    let rest = [UInt8](repeating: 0, count: length + 8)
    let headers = parsed(RDMA.roceV2(RDMA.transport(opcode, rest)))
    #expect(headers.layers.subtracting([.ethernet, .ipv4, .udp, .bth]) == layers)
    #expect(headers[.payload] == 42 + 12 + length)
  }

  @Test func everyFormOfRoCELeadsToTheTransport() {
    let transport = RDMA.transport(Opcode(.reliableConnection, .sendOnly), [1, 2, 3, 4])
    let forms = [
      (RDMA.roceV2(transport), 42), (RDMA.roceV2(overIPv6: transport), 62),
      (RDMA.tagged(RDMA.roceV2(transport)), 46), (RDMA.roceV1(transport), 54),
    ]
    for (bytes, place) in forms {
      let headers = parsed(bytes)
      #expect(headers.layers.contains(.bth))
      #expect(headers[.rdma] == place)
      #expect(Int(headers.rdmaEnd) == bytes.count)
      #expect(headers.malformation == .none)
    }
  }

  @Test func theInvariantCheckEndsTheTransportOfNativeInfiniBand() {
    let transport = RDMA.transport(Opcode(.reliableConnection, .sendOnly), [1, 2, 3, 4])
    let local = parsed(RDMA.localRoute(2, transport), link: .infiniband)
    #expect(local.layers == [.lrh, .bth])
    #expect([local[.rdma], Int(local.rdmaEnd)] == [8, 28])
    let global = parsed(RDMA.localRoute(3, RDMA.globalRoute(transport)), link: .infiniband)
    #expect(global.layers == [.lrh, .grh, .bth])
    #expect([global[.route], global[.rdma], Int(global.rdmaEnd)] == [8, 48, 68])
  }

  @Test func paddingBehindTheDatagramIsNoPartOfTheTransport() {
    let packet = RDMA.roceV2(RDMA.acknowledge(0x1f))
    let headers = parsed(packet + [0, 0, 0, 0])
    #expect(Int(headers.rdmaEnd) == packet.count)
  }

  @Test(arguments: [(0x1f, .ack), (0x2e, .rnrNAK), (0x60, .nak), (0x40, [])] as [(UInt8, Layers)])
  func syndromesSayWhatAnAcknowledgementIs(syndrome: UInt8, kind: Layers) {
    let headers = parsed(RDMA.roceV2(RDMA.acknowledge(syndrome)))
    #expect(headers.layers.intersection([.ack, .nak, .rnrNAK]) == kind)
  }

  @Test(
    arguments: [
      (0x10, .cmRequest), (0x13, .cmReply), (0x12, .cmReject), (0x15, .cmDisconnect), (0x14, []),
    ] as [(UInt8, Layers)])
  func messagesOfTheCommunicationManagerAreToldApart(attribute: UInt8, kind: Layers) {
    let headers = parsed(RDMA.roceV2(RDMA.message(attribute)))
    #expect(headers.layers.contains(.cm))
    #expect(
      headers.layers.intersection([.cmRequest, .cmReply, .cmReject, .cmDisconnect]) == kind)
  }

  @Test func aSnapLengthWithinTheExtensionHeadersIsNothingWrong() {
    let packet = RDMA.roceV2(
      RDMA.transport(Opcode(.reliableConnection, .writeOnly), Array(repeating: 0, count: 20)))
    let headers = parsed(Array(packet[..<64]), wireLength: packet.count)
    #expect(headers.layers == [.ethernet, .ipv4, .udp, .bth])
    #expect(headers.malformation == .none)
    #expect(Int(headers.rdmaEnd) == packet.count)
  }

  @Test func fragmentsAreNotTakenForWholeTransports() {
    let transport = RDMA.transport(Opcode(.reliableConnection, .sendOnly), [1, 2, 3, 4])
    let datagram = PacketSamples.udp(transport, destination: 4791)
    let packet = PacketSamples.ethernet(
      0x0800, PacketSamples.ipv4(17, datagram, fragment: 0x2000))
    #expect(parsed(packet).layers == [.ethernet, .ipv4, .udp, .fragment])
  }

  @Test func theDynamicallyConnectedTransportHasEightBytesMore() {
    var options = ParserOptions()
    options.reliableDatagram = .dc
    let parser = Parser(options)
    let packet = RDMA.roceV2(
      RDMA.transport(Opcode(rawValue: 0x4a), Array(repeating: 0, count: 32)))
    var headers = Headers()
    packet.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      parse(
        start, captured: packet.count, wireLength: packet.count, link: .ethernet,
        by: parser.rules, into: &headers)
    }
    #expect(headers.layers == [.ethernet, .ipv4, .udp, .bth, .reth])
    #expect([headers[.operation], headers[.payload]] == [42 + 20, 42 + 36])
  }

  @Test func labelsArePassed() {
    let headers = parsed(RDMA.labels)
    #expect(headers.layers == [.ethernet, .mpls, .ipv4, .udp])
    #expect([headers[.label], headers[.network]] == [14, 22])
  }

  @Test func pauseFramesAreFound() {
    #expect(parsed(RDMA.pause).layers == [.ethernet, .pause])
    #expect(parsed(RDMA.priorityPause).layers == [.ethernet, .pfc])
  }

  @Test func logicalLinkControlIsPassedWhereItAnnouncesAnEtherType() {
    let packet = PacketSamples.ethernet(
      36, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + PacketSamples.ipv4(17, PacketSamples.udp([])))
    let headers = parsed(packet)
    #expect(headers.layers == [.ethernet, .ipv4, .udp])
    #expect(headers[.network] == 22)
  }
}
