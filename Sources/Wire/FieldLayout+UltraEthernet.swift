// SPDX-License-Identifier: BSD-3-Clause

/// The packet delivery sublayer of Ultra Ethernet (UE specification 1.0, 3.5.10; whose layouts
/// these are, `UETPrologue` says).
extension FieldLayout {
  static let ultraEthernet: [FieldLayout] = [
    prologue(
      .header,
      FieldRow("type", 0, .named(.uetType, bits: 5), .shapesPacket, "Kind of packet")),
    prologue(
      .uetNextHeader,
      FieldRow(
        "next_header", 5, .named(.uetNextHeader, bits: 4), .shapesPacket,
        "Semantics header that follows")),
    prologue(
      .uetControl,
      FieldRow(
        "control", 5, .named(.uetControl, bits: 4), .shapesPacket, "What a control packet is for")),
    prologue(
      .uetFlags,
      FieldRow("flags", 9, .hexadecimal(bits: 7), .shapesPacket, "All flags, by type")),
    prologue(
      .uetMark,
      FieldRow(
        "ecn_marked", 10, .boolean, .shapesPacket,
        "The packet that is answered came marked with CE")),
    prologue(
      .uetRetransmission,
      FieldRow("retx", 11, .boolean, .shapesPacket, "A retransmission, or an answer to one")),
    prologue(
      .uetRequest,
      FieldRow("ack_request", 12, .boolean, .shapesPacket, "An acknowledgement is asked for"),
      FieldRow("syn", 13, .boolean, .shapesPacket, "The context begins")),
    uetSequence, uetDestination, uetPacketID, uetCredit, uetCongestion, uetWindow, uetGrant,
    uetNACK,
  ]

  private static func prologue(_ origin: FieldOrigin, _ rows: FieldRow...) -> FieldLayout {
    FieldLayout(
      name: "uet", layer: .uet, slot: .rdma, length: UET.shortestHeader, origin: origin, rows: rows)
  }

  private static let uetSequence = FieldLayout(
    name: "uet", layer: .uetContext, slot: .rdma, length: 12, origin: .uetSequence,
    rows: [
      FieldRow(
        "psn", 32, .number(bits: 32), .shapesPacket,
        "Packet sequence number; of an ACK, the last without a gap before it"),
      FieldRow("spdcid", 64, .hexadecimal(bits: 16), .shapesPacket, "Sender's end of the context"),
    ])

  private static let uetDestination = FieldLayout(
    name: "uet", layer: .uetContext, slot: .rdma, length: 12, origin: .uetDestination,
    rows: [
      FieldRow(
        "dpdcid", 80, .hexadecimal(bits: 16), .shapesPacket,
        "Receiver's end of the context, which one that begins does not name")
    ])

  private static let uetPacketID = FieldLayout(
    name: "uet", layer: [.uetIdempotent, .uetNACK], slot: .rdma, length: 8, origin: .uetPacketID,
    rows: [
      FieldRow(
        "packet_id", 32, .hexadecimal(bits: 32), .shapesPacket,
        "Number of an idempotent request, in its answer too")
    ])

  private static let uetCredit = FieldLayout(
    name: "uet", layer: .uetContext, slot: .rdma, length: 16, origin: .uetCredit,
    rows: [
      FieldRow("ccc", 96, .number(bits: 8), .shapesPacket, "Congestion control context"),
      FieldRow("credit_target", 104, .number(bits: 24), .shapesPacket, "Credit that is asked for"),
    ])

  private static let uetCongestion = FieldLayout(
    name: "uet", layer: .uetContext, slot: .rdma, length: 32, origin: .uetCongestion,
    rows: [
      FieldRow(
        "cc_type", 96, .named(.uetCongestion, bits: 4), .shapesPacket,
        "What an ACK says of congestion"),
      FieldRow("mpr", 104, .number(bits: 8), .shapesPacket, "Range of PSNs that is tracked"),
      FieldRow(
        "sack_bitmap", 128, .hexadecimal(bits: 64), .shapesPacket, "Packets that came, a bit each"),
    ])

  /// Network-signalled congestion control.
  private static let uetWindow = FieldLayout(
    name: "uet", layer: .uetContext, slot: .rdma, length: 32, origin: .uetWindow,
    rows: [
      FieldRow(
        "service_time", 192, .number(bits: 16), .shapesPacket,
        "How long the receiver took to answer"),
      FieldRow("restore_cwnd", 208, .boolean, .shapesPacket, "The window may be restored"),
      FieldRow(
        "cwnd_penalty", 209, .number(bits: 7), .shapesPacket, "How far to narrow the window"),
      FieldRow(
        "received_bytes", 216, .number(bits: 24), .shapesPacket, "Bytes that came, as it counts"),
      FieldRow(
        "ooo_count", 240, .number(bits: 16), .shapesPacket, "Packets that came out of order"),
    ])

  /// Credit of the receiver.
  private static let uetGrant = FieldLayout(
    name: "uet", layer: .uetContext, slot: .rdma, length: 32, origin: .uetGrant,
    rows: [FieldRow("credit", 192, .number(bits: 24), .shapesPacket, "Credit that is granted")])

  private static let uetNACK = FieldLayout(
    name: "uet", layer: .uetNACK, slot: .rdma, length: 16,
    rows: [
      FieldRow(
        "nack_code", 16, .named(.uetRefusal, bits: 8), .shapesPacket,
        "Why a packet was refused; TRIMMED names a trimmed one"),
      FieldRow("vendor_code", 24, .hexadecimal(bits: 8), .shapesPacket, "The maker's own code"),
      FieldRow(
        "nack_payload", 96, .hexadecimal(bits: 32), .shapesPacket, "What belongs to the code"),
    ])
}
