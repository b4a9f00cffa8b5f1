// SPDX-License-Identifier: BSD-3-Clause

/// The semantics sublayer of Ultra Ethernet (UE specification 1.0, 3.4.2; whose layouts these are,
/// `UETPrologue` says).
extension FieldLayout {
  static let semantics: [FieldLayout] = [
    sesRequest, sesJob, sesBuffer, sesTarget, sesKey, sesResponse, sesRead, sesPSN,
  ]

  private static let sesRequest = FieldLayout(
    name: "ses", layer: .sesRequest, slot: .operation, length: 20,
    rows: [
      FieldRow("opcode", 2, .named(.sesOpcode, bits: 6), .shapesPacket, "What is asked for"),
      FieldRow(
        "dc", 10, .boolean, .shapesPacket, "Answer once what was written can be seen by all"),
      FieldRow("ie", 11, .boolean, .shapesPacket, "The initiator met an error"),
      FieldRow("relative", 12, .boolean, .shapesPacket, "Addresses are those of the job"),
      FieldRow("hd", 13, .boolean, .shapesPacket, "There is header data"),
      FieldRow("eom", 14, .boolean, .shapesPacket, "The message ends"),
      FieldRow("som", 15, .boolean, .shapesPacket, "The message begins"),
      FieldRow(
        "generation", 32, .number(bits: 8), .shapesPacket, "Generation of the resource index"),
      FieldRow(
        "pid_on_fep", 68, .number(bits: 12), .shapesPacket, "Process at the target's endpoint"),
      FieldRow("resource_index", 84, .number(bits: 12), .shapesPacket, "Resource of the process"),
    ])

  private static let sesJob = FieldLayout(
    name: "ses", layer: [.sesRequest, .sesResponse], slot: .operation, length: 12,
    rows: [FieldRow("job_id", 40, .number(bits: 24), .shapesPacket, "Job")])

  private static let sesBuffer = FieldLayout(
    name: "ses", layer: .sesRequest, slot: .operation, length: 20, origin: .sesBuffer,
    rows: [
      FieldRow(
        "buffer_offset", 96, .hexadecimal(bits: 64), .shapesPacket, "Where in the target's memory")
    ])

  private static let sesTarget = FieldLayout(
    name: "ses", layer: .sesRequest, slot: .operation, length: 32, origin: .sesTarget,
    rows: [FieldRow("initiator", 160, .hexadecimal(bits: 32), .shapesPacket, "Who asks")])

  private static let sesKey = FieldLayout(
    name: "ses", layer: .sesRequest, slot: .operation, length: 32, origin: .sesKey,
    rows: [
      FieldRow(
        "match_bits", 192, .hexadecimal(bits: 64), .shapesPacket,
        "Bits that a tagged operation matches, or the memory's key")
    ])

  private static let sesResponse = FieldLayout(
    name: "ses", layer: .sesResponse, slot: .operation, length: 12,
    rows: [
      FieldRow(
        "list", 0, .named(.sesList, bits: 2), .shapesPacket, "Where the message was put"),
      FieldRow("response", 2, .named(.sesResponse, bits: 6), .shapesPacket, "Kind of response"),
      FieldRow(
        "return_code", 10, .named(.sesReturnCode, bits: 6), .shapesPacket,
        "What became of the request"),
    ])

  private static let sesRead = FieldLayout(
    name: "ses", layer: .sesResponse, slot: .operation, length: 20, origin: .sesData,
    rows: [
      FieldRow(
        "read_message_id", 64, .number(bits: 16), .shapesPacket, "Message that asked for the data")
    ])

  private static let sesPSN = FieldLayout(
    name: "ses", layer: .sesResponse, slot: .operation, length: 12, origin: .sesSmallData,
    rows: [
      FieldRow(
        "request_psn", 64, .number(bits: 32), .shapesPacket, "Packet that asked for the data")
    ])

  // What requests and responses have in different places.
  static let sesMessageOfRequest = FieldLayout(
    name: "ses", layer: .sesRequest, slot: .operation, length: 44, origin: .sesMessage,
    rows: [FieldRow("message_id", 16, .number(bits: 16), .shapesPacket, "Message")])
  static let sesMessageOfResponse = FieldLayout(
    name: "ses", layer: .sesResponse, slot: .operation, length: 12, origin: .sesAnswer,
    rows: [FieldRow("message_id", 16, .number(bits: 16), .shapesPacket, "Message")])
  static let sesOffsetOfRequest = FieldLayout(
    name: "ses", layer: .sesRequest, slot: .operation, length: 44, origin: .sesContinuation,
    rows: [
      FieldRow(
        "message_offset", 288, .number(bits: 32), .shapesPacket,
        "Where in the message the payload belongs")
    ])
  static let sesOffsetOfResponse = FieldLayout(
    name: "ses", layer: .sesResponse, slot: .operation, length: 20, origin: .sesData,
    rows: [
      FieldRow(
        "message_offset", 128, .number(bits: 32), .shapesPacket,
        "Where in the message the payload belongs")
    ])
}
