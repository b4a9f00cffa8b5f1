// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Ultra Ethernet, of which there is no public capture.
///
/// `XDP2` are the bytes that the packet maker of another implementation writes (xdp2-dev/xdp2,
/// `src/tools/packets/uet`, run once), but for its extended acknowledgements and refusals, which it
/// alone has 8 bytes shorter. The others are put together from the structures of the consortium's
/// reference provider (ultraethernet/uet-ref-prov, `uet_pkt_hdr.h`).
enum UETSamples {
  enum XDP2 {
    private static let read =
      "022b123477abcdef067809abfedcba9876543210fedcba981122334455667788aabbddddeeff001199887766"
    private static let response = "c10912349965432109abcdef"

    static let request = hexadecimal("119012349876543234569abc" + read)
    static let firstRequest = hexadecimal("119412349876543234568876" + read)
    static let creditRequest = hexadecimal("699012349876543234569abc77887766" + read)
    static let orderedRequest = hexadecimal("199012349876543234569abc" + read)
    static let firstOrderedCreditRequest = hexadecimal("71941234987654323456887677887766" + read)
    static let acknowledgement = hexadecimal("3a3286422468ace03456789a" + response)
    static let windowAcknowledgement = hexadecimal(
      "423221212468ace03456789a0f876789123456789abcdef099aaff8877668765" + response)
    static let creditAcknowledgement = hexadecimal(
      "423298762468ace03456789a1f879988123456789abcdef01234560000008765" + response)
    static let idempotentRefusal = hexadecimal("52381687998877663456789a56789abc" + response)
    // Their payload of 4 bytes is missing in XDP2: here the first ones of the response.
    static let control = hexadecimal("5c309876cdef0123cdeffedc" + response)
    static let firstControl = hexadecimal("5c941234cdef0123cdef8876" + response)
    static let unreliable = hexadecimal("31800000" + read)
    static let idempotentRequest = hexadecimal("21a0000099887766" + read)
    static let idempotentResponse = hexadecimal("2a20000099887766" + response)
    static let continuedWrite = hexadecimal(
      "119012349876543234569abc012a123477abcdef067809abfedcba9876543210fedcba981122334455667788"
        + "000003457766554499887766")
    static let deferrableSend = hexadecimal(
      "119012349876543234569abc082a123477abcdef067809ab8765432112345678fedcba981122334455667788"
        + "fedcba987654321099887766")
    static let readyToRestart = hexadecimal(
      "119012349876543234569abc0c2a123477abcdef067809ab8899aabbccddeefffedcba988765432112345678"
        + "fedcba987654321099887766")
    static let mediumWrite = hexadecimal(
      "111012349876543234569abc012b123477abcdef067809ab987654329876543287654321ccbbddeeff009988")
    static let smallRead = hexadecimal(
      "109012349876543234569abc022b123477abcdef067809ab9876543298765432")
    static let responseWithData = hexadecimal(
      "2aa0000099887766c209123400654321123403218765432109abcdef")
    static let smallResponseWithData = hexadecimal("2b20000099887766c20934560003687000001234")
  }

  /// A request for a small write of 8 bytes, those, and 4 where the CRC would be.
  static let smallWrite =
    hexadecimal(
      "108800000000000100220033" + "010300080000000700010002" + "0000000000001000")
    + [UInt8](repeating: 0xdd, count: 8) + Array("CRC ".utf8)
  /// A refusal: trimmed, packet 5.
  static let refusal = hexadecimal("50000100000000050033002200000000")
  /// The same with what only extended ones have.
  static let extendedRefusal =
    hexadecimal("60000200000000050033002200000000")
    + [UInt8](repeating: 0, count: 16)
  /// An acknowledgement that closes a context without a response: it says what it expects next.
  static let closingAcknowledgement = hexadecimal("38440000000000010033002200000009")
  static let probeAcknowledgement = hexadecimal("380812340000000100330022")
  static let extendedAcknowledgement =
    hexadecimal("4a2000000000000100330022")
    + [UInt8](repeating: 7, count: 28) + hexadecimal("010100010000000700000008")
  /// Encrypted, with the source named and without.
  static let encrypted = hexadecimal("0c00001100000022000100000000000a") + Array("secret".utf8)
  static let shortEncrypted = hexadecimal("08000011000100000000000a") + Array("secret".utf8)
  static let unnamed = hexadecimal("f8001122334455667788")

  static func datagram(_ packet: [UInt8], port: UInt16 = 4793) -> [UInt8] {
    PacketSamples.ethernet(
      0x0800, PacketSamples.ipv4(17, PacketSamples.udp(packet, destination: port)))
  }

  static func datagram6(_ packet: [UInt8]) -> [UInt8] {
    PacketSamples.ethernet(
      0x86dd, PacketSamples.ipv6(17, PacketSamples.udp(packet, destination: 4793)))
  }

  static func overIP(_ packet: [UInt8], reserved: UInt16 = 0) -> [UInt8] {
    PacketSamples.ethernet(
      0x0800, PacketSamples.ipv4(253, [0x42, 0x43] + PacketSamples.two(reserved) + packet))
  }

  static func overIPv6(_ packet: [UInt8]) -> [UInt8] {
    PacketSamples.ethernet(0x86dd, PacketSamples.ipv6(253, [0x42, 0x43, 0, 0] + packet))
  }

  /// What a switch makes of a datagram: that many bytes of Ultra Ethernet are left, IP's length is
  /// corrected, UDP's is not.
  static func trimmed(_ packet: [UInt8], to count: Int, port: UInt16 = 4793) -> [UInt8] {
    let whole = PacketSamples.udp(packet, destination: port)
    return PacketSamples.ethernet(0x0800, PacketSamples.ipv4(17, Array(whole.prefix(8 + count))))
  }

  static let packets: [[UInt8]] = [
    XDP2.request, XDP2.firstRequest, XDP2.creditRequest, XDP2.orderedRequest,
    XDP2.firstOrderedCreditRequest, XDP2.acknowledgement, XDP2.windowAcknowledgement,
    XDP2.creditAcknowledgement, XDP2.idempotentRefusal, XDP2.control, XDP2.firstControl,
    XDP2.unreliable, XDP2.idempotentRequest, XDP2.idempotentResponse, XDP2.continuedWrite,
    XDP2.deferrableSend, XDP2.readyToRestart, XDP2.mediumWrite, XDP2.smallRead,
    XDP2.responseWithData, XDP2.smallResponseWithData, smallWrite, refusal, extendedRefusal,
    closingAcknowledgement, probeAcknowledgement, extendedAcknowledgement, encrypted,
    shortEncrypted, unnamed,
  ]

  static let all: [(bytes: [UInt8], link: LinkType)] =
    packets.enumerated().map { index, packet in
      let forms: [([UInt8]) -> [UInt8]] = [
        { datagram($0) }, datagram6, { overIP($0) }, overIPv6, { datagram($0, port: 49150) },
      ]
      return (forms[index % forms.count](packet), .ethernet)
    } + [
      (trimmed(smallWrite, to: 16), .ethernet), (trimmed(XDP2.request, to: 40), .ethernet),
      (trimmed(XDP2.windowAcknowledgement, to: 20), .ethernet),
    ]
}

/// Bytes, each of two digits.
func hexadecimal(_ text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] << 4 | digits[$0 + 1])
  }
}
