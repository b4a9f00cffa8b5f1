// SPDX-License-Identifier: BSD-3-Clause

/// iWARP over TCP: framing (RFC 5044, RFC 6581), placement (RFC 5041) and RDMA (RFC 5040).
extension FieldLayout {
  static let iwarp: [FieldLayout] = [
    mpaStart, mpaFrame, ddp, rdmap, ddpTagged, ddpInvalidation, ddpUntagged, rdmapRead,
  ]

  /// The key's tenth byte tells the two frames apart.
  private static let mpaStart = FieldLayout(
    name: "mpa", layer: .mpaStart, slot: .rdma, length: MPA.startLength,
    rows: [
      FieldRow(
        "start", 72, .named(.mpaStart, bits: 8), .shapesPacket, "What starts the connection"),
      FieldRow("markers", 128, .boolean, .shapesPacket, "The sender wants markers"),
      FieldRow("crc", 129, .boolean, .shapesPacket, "The sender wants CRCs"),
      FieldRow("reject", 130, .boolean, .shapesPacket, "The connection is refused"),
      FieldRow("enhanced", 131, .boolean, .shapesPacket, "Private data begins with read depths"),
      FieldRow("revision", 136, .number(bits: 8), .shapesPacket, "Revision of the framing"),
      FieldRow("private_data", 144, .number(bits: 16), .countsBytes, "Bytes of private data"),
    ])

  private static let mpaFrame = FieldLayout(
    name: "mpa", layer: .ddp, slot: .rdma, length: MPA.lengthLength,
    rows: [
      FieldRow("length", 0, .number(bits: 16), .countsBytes, "Bytes of the framed DDP segment")
    ])

  private static let ddp = FieldLayout(
    name: "ddp", layer: .ddp, slot: .operation, length: DDP.taggedLength,
    rows: [
      FieldRow("tagged", 0, .boolean, .shapesPacket, "It names memory, not a queue"),
      FieldRow("last", 1, .boolean, .shapesPacket, "The message ends"),
      FieldRow("version", 6, .number(bits: 2), .shapesPacket, "Version, 1"),
    ])

  private static let rdmap = FieldLayout(
    name: "rdmap", layer: .ddp, slot: .operation, length: DDP.taggedLength,
    rows: [
      FieldRow("version", 8, .number(bits: 2), .shapesPacket, "Version, 1"),
      FieldRow("opcode", 12, .named(.rdmapOpcode, bits: 4), .shapesPacket, "Kind of message"),
    ])

  private static let ddpTagged = FieldLayout(
    name: "ddp", layer: .ddpTagged, slot: .operation, length: DDP.taggedLength,
    rows: [
      FieldRow("stag", 16, .hexadecimal(bits: 32), .shapesPacket, "Steering tag of the memory"),
      FieldRow("offset", 48, .hexadecimal(bits: 64), .shapesPacket, "Tagged offset in the memory"),
    ])

  private static let ddpInvalidation = FieldLayout(
    name: "ddp", layer: .ddpUntagged, slot: .operation, length: DDP.untaggedLength,
    origin: .ddpInvalidation,
    rows: [
      FieldRow(
        "invalidate_stag", 16, .hexadecimal(bits: 32), .shapesPacket,
        "Steering tag to be invalidated")
    ])

  private static let ddpUntagged = FieldLayout(
    name: "ddp", layer: .ddpUntagged, slot: .operation, length: DDP.untaggedLength,
    rows: [
      FieldRow("queue", 48, .number(bits: 32), .shapesPacket, "Queue it goes to"),
      FieldRow("msn", 80, .number(bits: 32), .shapesPacket, "Message sequence number"),
      FieldRow("message_offset", 112, .number(bits: 32), .shapesPacket, "Offset in the message"),
    ])

  private static let rdmapRead = FieldLayout(
    name: "rdmap", layer: .ddpUntagged, slot: .operation,
    length: DDP.untaggedLength + DDP.readRequestLength, origin: .readRequest,
    rows: [
      FieldRow(
        "read.sink_stag", 144, .hexadecimal(bits: 32), .shapesPacket,
        "Steering tag of the reader's memory"),
      FieldRow(
        "read.sink_offset", 176, .hexadecimal(bits: 64), .shapesPacket,
        "Tagged offset in the reader's memory"),
      FieldRow("read.size", 240, .number(bits: 32), .shapesPacket, "Bytes to be read"),
      FieldRow(
        "read.source_stag", 272, .hexadecimal(bits: 32), .shapesPacket,
        "Steering tag of the memory that is read"),
      FieldRow(
        "read.source_offset", 304, .hexadecimal(bits: 64), .shapesPacket,
        "Tagged offset in the memory that is read"),
    ])
}

extension FieldNames {
  static let mpaStart = FieldNames(["Reply": 0x70, "Request": 0x71])

  /// RFC 5040, 4.1, and RFC 7306, 3.
  static let rdmapOpcode = FieldNames([
    "WRITE": 0, "READ_REQUEST": 1, "READ_RESPONSE": 2, "SEND": 3, "SEND_INV": 4, "SEND_SE": 5,
    "SEND_SE_INV": 6, "TERMINATE": 7, "IMMEDIATE": 8, "IMMEDIATE_SE": 9, "ATOMIC_REQUEST": 10,
    "ATOMIC_RESPONSE": 11,
  ])
}
