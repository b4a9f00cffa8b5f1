// SPDX-License-Identifier: BSD-3-Clause

extension FieldTable {
  /// Ultra Ethernet, header by header, and what is reckoned from its headers.
  static let ultraEthernet: [Field] =
    FieldLayout.ultraEthernet.flatMap(\.fields) + reckonedOfPackets
    + FieldLayout.semantics.flatMap(\.fields) + [
      either("message_id", .sesMessageOfRequest, .sesMessageOfResponse),
      either("message_offset", .sesOffsetOfRequest, .sesOffsetOfResponse),
    ] + reckonedOfMessages

  private static let reckonedOfPackets: [Field] = [
    reckoned(
      "uet.mode", .named(.uetMode, bits: 2), .uetMode, .uet,
      "Delivery mode, where the packet says it"),
    reckoned(
      "uet.entropy", .hexadecimal(bits: 16), .uetEntropy, .uet,
      "What paths are chosen by: UDP's source port, or that of the entropy header"),
    reckoned(
      "uet.trimmed", .boolean, .uetTrimmed, .uet,
      "The packet says that it was longer: a switch trimmed it"),
    reckoned(
      "uet.clear_psn", .number(bits: 32), .uetClearPSN, .uetContext,
      "PSN up to which the sender wants no more answers"),
    reckoned(
      "uet.ack_psn", .number(bits: 32), .uetAckPSN, .uetContext, "PSN that an ACK is about"),
    reckoned(
      "uet.start_psn", .number(bits: 32), .uetStartPSN, .uetContext,
      "First PSN of a context that begins"),
  ]

  private static let reckonedOfMessages: [Field] = [
    reckoned(
      "ses.request_length", .number(bits: 32), .sesRequestLength, .sesRequest,
      "Bytes of the whole message"),
    reckoned(
      "ses.modified_length", .number(bits: 32), .sesModifiedLength, .sesResponse,
      "Bytes that the request changed or brought"),
    reckoned(
      "ses.payload_length", .number(bits: 32), .sesPayloadLength, [.sesRequest, .sesResponse],
      "Bytes of payload that the packet was sent with, where it says"),
  ]

  private static func reckoned(
    _ name: String, _ kind: FieldKind, _ origin: FieldOrigin, _ layers: Layers, _ summary: String
  ) -> Field {
    Field(
      name: name, kind: kind, summary: summary, places: known(origin, layers, bits: kind.bits),
      access: .countsBytes)
  }

  private static func either(_ name: String, _ one: FieldLayout, _ other: FieldLayout) -> Field {
    let first = row(name, of: one)
    return Field(
      name: first.name, kind: first.kind, summary: first.summary,
      places: FieldPlaces(
        first: first.places.first, second: row(name, of: other).places.first),
      access: first.access)
  }

  /// The words for Ultra Ethernet and iWARP.
  static let transportProtocols: [ProtocolName] = [
    ProtocolName("uet", .uet, "Ultra Ethernet"),
    ProtocolName("uet_pdc", .uetContext, "Ultra Ethernet: a packet delivery context's packet"),
    ProtocolName("uet_rudi", .uetIdempotent, "Ultra Ethernet: an idempotent request or its answer"),
    ProtocolName("uet_nack", .uetNACK, "Ultra Ethernet: a packet that refuses another"),
    ProtocolName("ses_request", .sesRequest, "Ultra Ethernet: semantics of a request"),
    ProtocolName("ses_response", .sesResponse, "Ultra Ethernet: semantics of a response"),
    ProtocolName("ddp", .ddp, "iWARP: the beginning of a framed DDP segment"),
    ProtocolName("ddp_tagged", .ddpTagged, "iWARP: a DDP segment that names memory"),
    ProtocolName("ddp_untagged", .ddpUntagged, "iWARP: a DDP segment that names a queue"),
    ProtocolName("mpa_start", .mpaStart, "iWARP: what starts a connection"),
  ]
}
