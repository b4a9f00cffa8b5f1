// SPDX-License-Identifier: BSD-3-Clause

/// The specification's words, without the prefix that they share (UE specification 1.0: types
/// 3.5.10, refusals table 3-58, opcodes table 3-17, return codes table 3-19).
extension FieldNames {
  static let uetType = FieldNames([
    "TSS": 1, "RUD_REQ": 2, "ROD_REQ": 3, "RUDI_REQ": 4, "RUDI_RESP": 5, "UUD_REQ": 6, "ACK": 7,
    "ACK_CC": 8, "ACK_CCX": 9, "NACK": 10, "CTRL": 11, "NACK_CCX": 12, "RUD_CC_REQ": 13,
    "ROD_CC_REQ": 14,
  ])

  static let uetMode = FieldNames(["RUD": 0, "ROD": 1, "RUDI": 2, "UUD": 3])

  static let uetNextHeader = FieldNames([
    "NONE": 0, "REQUEST_SMALL": 1, "REQUEST_MEDIUM": 2, "REQUEST_STD": 3, "RESPONSE": 4,
    "RESPONSE_DATA": 5, "RESPONSE_DATA_SMALL": 6,
  ])

  static let uetControl = FieldNames([
    "NOOP": 0, "ACK_REQ": 1, "CLEAR_CMD": 2, "CLEAR_REQ": 3, "CLOSE_CMD": 4, "CLOSE_REQ": 5,
    "PROBE": 6, "CREDIT": 7, "CREDIT_REQ": 8, "NEGOTIATION": 9,
  ])

  static let uetCongestion = FieldNames(["NSCC": 0, "CREDIT": 1])

  /// Version 1.0.3 no longer has TRIMMED_ACK.
  static let uetRefusal = FieldNames(
    hexadecimal: true,
    [
      "TRIMMED": 0x01, "TRIMMED_LASTHOP": 0x02, "TRIMMED_ACK": 0x03, "NO_PDC_AVAIL": 0x04,
      "NO_CCC_AVAIL": 0x05, "NO_BITMAP": 0x06, "NO_PKT_BUFFER": 0x07, "NO_GTD_DEL_AVAIL": 0x08,
      "NO_SES_MSG_AVAIL": 0x09, "NO_RESOURCE": 0x0a, "PSN_OOR_WINDOW": 0x0b, "ROD_OOO": 0x0d,
      "INV_DPDCID": 0x0e, "PDC_HDR_MISMATCH": 0x0f, "CLOSING": 0x10, "CLOSING_IN_ERR": 0x11,
      "PKT_NOT_RCVD": 0x12, "GTD_RESP_UNAVAIL": 0x13, "ACK_WITH_DATA": 0x14, "INVALID_SYN": 0x15,
      "PDC_MODE_MISMATCH": 0x16, "NEW_START_PSN": 0x17, "RCVD_SES_PROCG": 0x18,
      "UNEXP_EVENT": 0x19, "RCVR_INFER_LOSS": 0x1a, "EXP_NACK_NORMAL": 0xfd,
      "EXP_NACK_ERR": 0xfe, "EXP_NACK_FATAL": 0xff,
    ])

  static let sesOpcode = FieldNames(
    hexadecimal: true,
    [
      "NO_OP": 0x00, "WRITE": 0x01, "READ": 0x02, "ATOMIC": 0x03, "FETCHING_ATOMIC": 0x04,
      "SEND": 0x05, "RENDEZVOUS_SEND": 0x06, "DATAGRAM_SEND": 0x07, "DEFERRABLE_SEND": 0x08,
      "TAGGED_SEND": 0x09, "RENDEZVOUS_TSEND": 0x0a, "DEFERRABLE_TSEND": 0x0b,
      "DEFERRABLE_RTR": 0x0c, "TSEND_ATOMIC": 0x0d, "TSEND_FETCH_ATOMIC": 0x0e,
      "MSG_ERROR": 0x0f,
    ])

  static let sesList = FieldNames(["EXPECTED": 0, "OVERFLOW": 1])

  static let sesResponse = FieldNames([
    "DEFAULT_RESPONSE": 0, "RESPONSE": 1, "RESPONSE_W_DATA": 2, "NO_RESPONSE": 3,
  ])

  static let sesReturnCode = FieldNames(
    hexadecimal: true,
    [
      "NULL": 0x00, "OK": 0x01, "BAD_GENERATION": 0x02, "DISABLED": 0x03, "DISABLED_GEN": 0x04,
      "NO_MATCH": 0x05, "UNSUPPORTED_OP": 0x06, "UNSUPPORTED_SIZE": 0x07, "AT_INVALID": 0x08,
      "AT_PERM": 0x09, "AT_ATS_ERROR": 0x0a, "AT_NO_TRANS": 0x0b, "AT_OUT_OF_RANGE": 0x0c,
      "HOST_POISONED": 0x0d, "HOST_UNSUCCESS_CMPL": 0x0e, "AMO_UNSUPPORTED_OP": 0x0f,
      "AMO_UNSUPPORTED_DT": 0x10, "AMO_UNSUPPORTED_SIZE": 0x11, "AMO_UNALIGNED": 0x12,
      "AMO_FP_NAN": 0x13, "AMO_FP_UNDERFLOW": 0x14, "AMO_FP_OVERFLOW": 0x15,
      "AMO_FP_INEXACT": 0x16, "PERM_VIOLATION": 0x17, "OP_VIOLATION": 0x18, "BAD_INDEX": 0x19,
      "BAD_PID": 0x1a, "BAD_JOB_ID": 0x1b, "BAD_MKEY": 0x1c, "BAD_ADDR": 0x1d,
      "CANCELLED": 0x1e, "UNDELIVERABLE": 0x1f, "UNCOR": 0x20, "UNCOR_TRNSNT": 0x21,
      "TOO_LONG": 0x22, "INITIATOR_ERR": 0x23, "DROPPED": 0x24,
    ])
}
