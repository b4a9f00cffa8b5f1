// SPDX-License-Identifier: BSD-3-Clause
import Testing

private typealias UET = UETSamples

/// A packet, and what its fields are; those that it must not have are nil.
struct UETReading: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let packet: [UInt8]
  let values: [(field: String, value: String?)]

  init(_ name: String, _ packet: [UInt8], _ values: KeyValuePairs<String, String?>) {
    testDescription = name
    self.packet = packet
    self.values = values.map { ($0.key, $0.value) }
  }

  static let all = requests + answers + others + semantics

  private static let requests: [UETReading] = [
    UETReading(
      "request", UET.XDP2.request,
      [
        "uet.type": "RUD_REQ", "uet.next_header": "REQUEST_STD", "uet.flags": "0x10",
        "uet.mode": "RUD", "uet.psn": "2557891634", "uet.clear_psn": "2557896294",
        "uet.spdcid": "0x3456", "uet.dpdcid": "0x9abc", "uet.syn": "false", "uet.retx": "true",
        "uet.ack_request": "false", "uet.trimmed": "false", "uet.start_psn": nil,
        "uet.ack_psn": nil, "uet.ecn_marked": nil, "uet.packet_id": nil, "uet.control": nil,
        "uet.nack_code": nil, "uet.ccc": nil, "uet.cc_type": nil, "uet.entropy": "0xc000",
      ]),
    UETReading(
      "first request", UET.XDP2.firstRequest,
      [
        "uet.type": "RUD_REQ", "uet.syn": "true", "uet.psn": "2557891634",
        "uet.start_psn": "2557889468", "uet.spdcid": "0x3456", "uet.dpdcid": nil,
      ]),
    UETReading(
      "credit request", UET.XDP2.creditRequest,
      [
        "uet.type": "RUD_CC_REQ", "uet.mode": "RUD", "uet.ccc": "119",
        "uet.credit_target": "8943462", "ses.opcode": "READ",
      ]),
    UETReading("ordered request", UET.XDP2.orderedRequest, ["uet.mode": "ROD", "uet.ccc": nil]),
    UETReading(
      "first ordered credit request", UET.XDP2.firstOrderedCreditRequest,
      [
        "uet.type": "ROD_CC_REQ", "uet.mode": "ROD", "uet.start_psn": "2557889468",
        "uet.credit_target": "8943462",
      ]),
  ]

  private static let answers: [UETReading] = [
    UETReading(
      "acknowledgement", UET.XDP2.acknowledgement,
      [
        "uet.type": "ACK", "uet.next_header": "RESPONSE", "uet.mode": nil,
        "uet.ecn_marked": "true", "uet.retx": "true", "uet.psn": "610839776",
        "uet.ack_psn": "610808610", "uet.clear_psn": nil, "uet.spdcid": "0x3456",
        "uet.dpdcid": "0x789a", "uet.syn": nil, "uet.ack_request": nil, "uet.cc_type": nil,
        "ses.list": "3", "ses.response": "RESPONSE", "ses.return_code": "AT_PERM",
        "ses.message_id": "4660", "ses.job_id": "6636321", "ses.modified_length": "162254319",
        "ses.opcode": nil, "ses.payload_length": nil, "ses.request_length": nil,
      ]),
    UETReading(
      "acknowledgement with a window", UET.XDP2.windowAcknowledgement,
      [
        "uet.type": "ACK_CC", "uet.cc_type": "NSCC", "uet.mpr": "135",
        "uet.sack_bitmap": "0x123456789abcdef0", "uet.service_time": "39338",
        "uet.restore_cwnd": "true", "uet.cwnd_penalty": "127", "uet.received_bytes": "8943462",
        "uet.ooo_count": "34661", "uet.credit": nil, "ses.return_code": "AT_PERM",
      ]),
    UETReading(
      "acknowledgement with credit", UET.XDP2.creditAcknowledgement,
      [
        "uet.cc_type": "CREDIT", "uet.credit": "1193046", "uet.service_time": nil,
        "uet.sack_bitmap": "0x123456789abcdef0",
      ]),
    UETReading(
      "acknowledgement of a probe", UET.probeAcknowledgement,
      ["uet.psn": "1", "uet.ack_psn": nil, "uet.next_header": "NONE", "ses.response": nil]),
    UETReading(
      "extended acknowledgement", UET.extendedAcknowledgement,
      [
        "uet.type": "ACK_CCX", "uet.sack_bitmap": "0x0707070707070707", "uet.service_time": nil,
        "ses.return_code": "OK", "ses.message_id": "1",
      ]),
    UETReading(
      "refusal", UET.refusal,
      [
        "uet.type": "NACK", "uet.nack_code": "TRIMMED", "uet.psn": "5", "uet.mode": nil,
        "uet.ecn_marked": "false", "uet.dpdcid": "0x0022", "uet.packet_id": nil,
        "uet.vendor_code": "0x00",
      ]),
    UETReading(
      "idempotent refusal", UET.XDP2.idempotentRefusal,
      [
        "uet.type": "NACK", "uet.mode": "RUDI", "uet.nack_code": "PDC_MODE_MISMATCH",
        "uet.vendor_code": "0x87", "uet.packet_id": "0x99887766", "uet.psn": nil,
        "uet.spdcid": nil, "uet.dpdcid": nil, "uet.nack_payload": "0x56789abc",
        "uet.ecn_marked": "true", "ses.return_code": "AT_PERM",
      ]),
  ]

  private static let others: [UETReading] = [
    UETReading(
      "control", UET.XDP2.control,
      [
        "uet.type": "CTRL", "uet.control": "CREDIT_REQ", "uet.next_header": nil,
        "uet.mode": nil, "uet.psn": "3454992675", "uet.dpdcid": "0xfedc", "uet.retx": "true",
        "uet.ecn_marked": nil, "ses.opcode": nil, "ses.response": nil,
      ]),
    UETReading(
      "first control", UET.XDP2.firstControl,
      [
        "uet.control": "NEGOTIATION", "uet.syn": "true", "uet.dpdcid": nil,
        "uet.start_psn": "3454990509",
      ]),
    UETReading(
      "unreliable request", UET.XDP2.unreliable,
      [
        "uet.type": "UUD_REQ", "uet.mode": "UUD", "uet.next_header": "REQUEST_STD",
        "uet.psn": nil, "uet.retx": nil, "uet.packet_id": nil, "ses.opcode": "READ",
      ]),
    UETReading(
      "idempotent request", UET.XDP2.idempotentRequest,
      [
        "uet.type": "RUDI_REQ", "uet.mode": "RUDI", "uet.packet_id": "0x99887766",
        "uet.psn": nil, "uet.ecn_marked": nil, "ses.job_id": "11259375",
      ]),
    UETReading(
      "idempotent response", UET.XDP2.idempotentResponse,
      ["uet.type": "RUDI_RESP", "uet.ecn_marked": "true", "ses.response": "RESPONSE"]),
    UETReading(
      "encrypted", UET.encrypted,
      [
        "uet.type": "TSS", "uet.next_header": nil, "uet.flags": nil, "uet.mode": nil,
        "uet.retx": nil, "uet.psn": nil, "uet.trimmed": "false",
      ]),
    UETReading(
      "unnamed", UET.unnamed, ["uet.type": "31", "uet.flags": nil, "uet.next_header": nil]),
  ]

  private static let semantics: [UETReading] = [
    UETReading(
      "read", UET.XDP2.request,
      [
        "ses.opcode": "READ", "ses.dc": "true", "ses.ie": "false", "ses.relative": "true",
        "ses.hd": "false", "ses.eom": "true", "ses.som": "true", "ses.message_id": "4660",
        "ses.generation": "119", "ses.job_id": "11259375", "ses.pid_on_fep": "1656",
        "ses.resource_index": "2475", "ses.buffer_offset": "0xfedcba9876543210",
        "ses.initiator": "0xfedcba98", "ses.match_bits": "0x1122334455667788",
        "ses.request_length": "2575857510", "ses.payload_length": nil,
        "ses.message_offset": nil, "ses.return_code": nil, "ses.list": nil,
      ]),
    UETReading(
      "continued write", UET.XDP2.continuedWrite,
      [
        "ses.opcode": "WRITE", "ses.som": "false", "ses.payload_length": "837",
        "ses.message_offset": "2003195204", "ses.request_length": "2575857510",
      ]),
    UETReading(
      "deferrable send", UET.XDP2.deferrableSend,
      ["ses.opcode": "DEFERRABLE_SEND", "ses.buffer_offset": nil]),
    UETReading(
      "ready to restart", UET.XDP2.readyToRestart,
      [
        "ses.opcode": "DEFERRABLE_RTR", "ses.buffer_offset": "0x8899aabbccddeeff",
        "ses.match_bits": nil, "ses.initiator": "0xfedcba98",
      ]),
    UETReading(
      "medium write", UET.XDP2.mediumWrite,
      [
        "uet.next_header": "REQUEST_MEDIUM", "ses.message_id": nil,
        "ses.request_length": "4660", "ses.payload_length": "4660",
        "ses.buffer_offset": "0x9876543298765432", "ses.initiator": "0x87654321",
        "ses.match_bits": "0xccbbddeeff009988", "ses.pid_on_fep": "1656",
      ]),
    UETReading(
      "small read", UET.XDP2.smallRead,
      [
        "uet.next_header": "REQUEST_SMALL", "ses.request_length": "4660",
        "ses.payload_length": nil, "ses.message_id": nil, "ses.initiator": nil,
        "ses.match_bits": nil, "ses.buffer_offset": "0x9876543298765432",
      ]),
    UETReading(
      "response with data", UET.XDP2.responseWithData,
      [
        "ses.response": "RESPONSE_W_DATA", "ses.message_id": "4660",
        "ses.read_message_id": "4660", "ses.payload_length": "801",
        "ses.modified_length": "2271560481", "ses.message_offset": "162254319",
        "ses.job_id": "6636321", "ses.request_psn": nil,
      ]),
    UETReading(
      "small response with data", UET.XDP2.smallResponseWithData,
      [
        "ses.response": "RESPONSE_W_DATA", "ses.message_id": nil, "ses.job_id": "223344",
        "ses.payload_length": "13398", "ses.request_psn": "4660", "ses.modified_length": nil,
        "ses.read_message_id": nil,
      ]),
  ]
}
