// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias UET = UETSamples

struct UETParserTests {
  private func parsed(_ bytes: [UInt8], wireLength: Int? = nil) -> Headers {
    CapturedPacket(bytes: bytes, wireLength: wireLength ?? bytes.count, link: .ethernet).parsed()
  }

  private func isTrimmed(_ bytes: [UInt8], wireLength: Int? = nil) throws -> Bool {
    let packet = CapturedPacket(
      bytes: bytes, wireLength: wireLength ?? bytes.count, link: .ethernet)
    let field = try #require(FieldTable.field(named: "uet.trimmed"))
    return field.value(in: FieldPackets([packet])) == .number(1)
  }

  /// How long each packet's headers are, the second being that of its semantics.
  @Test(
    arguments: [
      (UET.XDP2.request, [.uetContext, .sesRequest], 12, 44),
      (UET.XDP2.creditRequest, [.uetContext, .sesRequest], 16, 44),
      (UET.XDP2.acknowledgement, [.uetContext, .sesResponse], 12, 12),
      (UET.XDP2.windowAcknowledgement, [.uetContext, .sesResponse], 32, 12),
      (UET.extendedAcknowledgement, [.uetContext, .sesResponse], 40, 12),
      (UET.closingAcknowledgement, .uetContext, 16, 0),
      (UET.XDP2.idempotentRefusal, [.uetContext, .uetNACK, .sesResponse], 16, 12),
      (UET.extendedRefusal, [.uetContext, .uetNACK], 32, 0),
      (UET.XDP2.control, .uetContext, 16, 0),
      (UET.XDP2.idempotentRequest, [.uetIdempotent, .sesRequest], 8, 44),
      (UET.XDP2.unreliable, [.uetOther, .sesRequest], 4, 44),
      (UET.XDP2.mediumWrite, [.uetContext, .sesRequest], 12, 32),
      (UET.XDP2.smallRead, [.uetContext, .sesRequest], 12, 20),
      (UET.XDP2.responseWithData, [.uetIdempotent, .sesResponse], 8, 20),
      (UET.XDP2.smallResponseWithData, [.uetIdempotent, .sesResponse], 8, 12),
      (UET.encrypted, .uetOther, 16, 0), (UET.shortEncrypted, .uetOther, 12, 0),
      (UET.unnamed, .uetOther, 4, 0),
    ] as [([UInt8], Layers, Int, Int)])
  func headersHaveTheLengthOfTheirType(
    packet: [UInt8], layers: Layers, delivery: Int, semantics: Int
  ) {
    let headers = parsed(UET.datagram(packet))
    #expect(headers.layers == layers.union([.ethernet, .ipv4, .udp]))
    #expect(headers[.rdma] == 42)
    if semantics > 0 { #expect(headers[.operation] == 42 + delivery) }
    #expect(headers[.payload] == 42 + delivery + semantics)
    #expect(Int(headers.rdmaEnd) == 42 + packet.count)
    #expect(headers.malformation == .none)
  }

  @Test func everyCarrierLeadsToThePacket() throws {
    let entropy = try #require(FieldTable.field(named: "uet.entropy"))
    let forms: [([UInt8], Int, UInt64)] = [
      (UET.datagram(UET.smallWrite), 42, 0xc000), (UET.datagram6(UET.smallWrite), 62, 0xc000),
      (UET.datagram(UET.smallWrite, port: 49150), 42, 0xc000),
      (UET.overIP(UET.smallWrite), 38, 0x4243), (UET.overIPv6(UET.smallWrite), 58, 0x4243),
    ]
    for (bytes, place, value) in forms {
      let headers = parsed(bytes)
      #expect(headers.layers.isSuperset(of: [.uetContext, .sesRequest]))
      #expect(headers[.rdma] == place)
      #expect(entropy.value(in: FieldPackets(bytes)) == .number(value))
    }
  }

  /// What is asked of UDP and IP is asked of those within.
  @Test func tunnelsLeadToThePacket() throws {
    let entropy = try #require(FieldTable.field(named: "uet.entropy"))
    for inner in [UET.datagram(UET.smallWrite), UET.overIP(UET.smallWrite)] {
      let bytes = TunnelSamples.over(4789, TunnelSamples.vxlan(inner))
      #expect(parsed(bytes).layers.isSuperset(of: [.vxlan, .uetContext, .sesRequest]))
      #expect(parsed(bytes).malformation == .none)
      #expect(entropy.value(in: FieldPackets(bytes)) == entropy.value(in: FieldPackets(inner)))
      #expect(try !isTrimmed(bytes))
    }
  }

  @Test func otherPortsAndExperimentsAreLeftAlone() {
    let packets = [
      UET.datagram(UET.smallWrite, port: 4794), UET.overIP(UET.smallWrite, reserved: 1),
      PacketSamples.ethernet(
        0x0800, PacketSamples.ipv4(253, [0, 1, 0, 0] + UET.smallWrite, fragment: 0x2000)),
      PacketSamples.ethernet(0x0800, PacketSamples.ipv4(253, [0, 1])),
    ]
    for bytes in packets {
      let headers = parsed(bytes)
      #expect(headers.layers.isDisjoint(with: .uet))
      #expect(headers.malformation == .none)
    }
  }

  @Test func portsAreThoseOfTheOptions() {
    var options = ParserOptions()
    options.uetPorts = [5000]
    let parser = Parser(options)
    let packet = CapturedPacket(
      bytes: UET.datagram(UET.smallWrite, port: 5000), wireLength: 90, link: .ethernet)
    #expect(packet.parsed(by: parser.rules).layers.contains(.uetContext))
    #expect(packet.parsed().layers.isDisjoint(with: .uet))
  }

  /// Table 4-1 of the specification: a switch leaves at least 24 bytes behind IP.
  @Test(arguments: [16, 20, 31, 32, 43])
  func trimmedDatagramsAreSoundAndSaySo(count: Int) throws {
    let bytes = UET.trimmed(UET.smallWrite, to: count)
    let headers = parsed(bytes)
    #expect(headers.malformation == .none)
    #expect(headers.layers.contains(.uetContext))
    #expect(headers.layers.contains(.sesRequest) == (count >= 32))
    #expect(Int(headers.rdmaEnd) == bytes.count)
    #expect(try isTrimmed(bytes))
  }

  @Test func anAcknowledgementMayBeTrimmedWithinItsHeader() throws {
    let bytes = UET.trimmed(UET.XDP2.windowAcknowledgement, to: 20)
    let headers = parsed(bytes)
    #expect(headers.malformation == .none)
    #expect(headers.layers.contains(.uetContext))
    #expect(try isTrimmed(bytes))
    let congestion = try #require(FieldTable.field(named: "uet.sack_bitmap"))
    #expect(congestion.value(in: FieldPackets(bytes)) == nil)
  }

  @Test func whatIsShorterThanSwitchesLeaveIsMalformed() {
    #expect(parsed(UET.trimmed(UET.smallWrite, to: 15)).malformation == .udpLength)
    #expect(parsed(UET.trimmed(UET.smallWrite, to: 20, port: 4000)).malformation == .udpLength)
  }

  /// IP's length is the only one: what is missing shows in the packet's own headers.
  @Test func withoutUDPTheHeadersTellWhatWasTrimmed() throws {
    let whole = UET.smallWrite
    #expect(try !isTrimmed(UET.overIP(whole)))
    for count in [16, 31, 32, 39] {
      let bytes = UET.overIP(Array(whole.prefix(count)))
      #expect(parsed(bytes).malformation == .none)
      #expect(try isTrimmed(bytes))
    }
    // Nothing says that there was a CRC.
    #expect(try !isTrimmed(UET.overIP(Array(whole.prefix(40)))))
  }

  @Test func whatCannotBeTrimmedIsMalformed() {
    let answer = Array(UET.XDP2.acknowledgement.dropLast())
    #expect(parsed(UET.overIP(answer)).malformation == .sesHeaderCut)
    #expect(parsed(UET.overIP(Array(UET.smallWrite.prefix(15)))).malformation == .sesHeaderCut)
    #expect(parsed(UET.overIP(Array(UET.smallWrite.prefix(11)))).malformation == .uetHeaderCut)
  }

  @Test(arguments: 43...86)
  func aSnapLengthIsNothingWrong(count: Int) throws {
    let whole = UET.datagram(UET.smallWrite)
    let cut = Array(whole.prefix(count))
    #expect(parsed(cut, wireLength: whole.count).malformation == .none)
    #expect(try !isTrimmed(cut, wireLength: whole.count))
  }
}
