// SPDX-License-Identifier: BSD-3-Clause

extension FieldTable {
  /// What both the request and the reply of the communication manager say.
  static let eitherMessage: [Field] = [
    either("local_qp", "Sender's QP, in a request or reply"),
    either("starting_psn", "First PSN of the sender, in a request or reply"),
  ]

  /// What follows from headers without being a part of one.
  static let known: [Field] = [
    Field(
      name: "roce.payload", kind: .number(bits: 16),
      summary: "Bytes between the RoCE headers and the padding, as they were on the wire",
      places: known(.rdmaPayloadLength, .bth, bits: 16), access: .countsBytes),
    Field(
      name: "roce.icrc", kind: .named(.icrcVerdict, bits: 8),
      summary: "What `verify-icrc` found of the invariant CRC",
      places: known(.icrc, .bth, bits: 8), access: .notInPacket),
    Field(
      name: "cm.private_data", kind: .number(bits: 16),
      summary: "Bytes of the message that are its users' own",
      places: known(.privateDataLength, .cm, bits: 16), access: .countsBytes),
  ]

  private static func either(_ name: String, _ summary: String) -> Field {
    let request = row(name, of: .cmRequest)
    let reply = row(name, of: .cmReply)
    return Field(
      name: "cm.\(name)", kind: request.kind, summary: summary,
      places: FieldPlaces(first: request.places.first, second: reply.places.first),
      access: request.access)
  }
}
