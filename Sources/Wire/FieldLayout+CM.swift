// SPDX-License-Identifier: BSD-3-Clause

/// Messages of the communication manager (InfiniBand Architecture Specification, volume 1, 12.6).
/// Bits are counted from the management datagram, the first 24 bytes of which are its header.
extension FieldLayout {
  private static let length = CM.datagramLength
  private static let data = 24 * 8

  static let cm = FieldLayout(
    name: "cm", layer: .cm, slot: .operation, length: length, checksums: .rdma,
    rows: [
      FieldRow("status", 32, .hexadecimal(bits: 16), .shapesPacket, "Status of the datagram"),
      FieldRow(
        "transaction", 64, .hexadecimal(bits: 64), .shapesPacket, "Pairs request and reply"),
      FieldRow(
        "message", 128, .named(.cmMessage, bits: 16), .shapesPacket, "Kind of message"),
      FieldRow(
        "local_id", data, .hexadecimal(bits: 32), .shapesPacket, "The sender's number of the pair"),
    ])

  /// 12.6.5.
  static let cmRequest = FieldLayout(
    name: "cm_req", layer: .cmRequest, slot: .operation, length: length, checksums: .rdma,
    rows: [
      FieldRow(
        "service_id", data + 64, .hexadecimal(bits: 64), .shapesPacket, "Service asked for"),
      FieldRow("ca_guid", data + 128, .hexadecimal(bits: 64), .shapesPacket, "Sender's adapter"),
      FieldRow("qkey", data + 224, .hexadecimal(bits: 32), .shapesPacket, "Key of the queue"),
      FieldRow("local_qp", data + 256, .hexadecimal(bits: 24), .shapesPacket, "Sender's QP"),
      FieldRow(
        "transport", data + 349, .named(.cmTransport, bits: 2), .shapesPacket, "Transport wanted"),
      FieldRow(
        "starting_psn", data + 352, .number(bits: 24), .shapesPacket, "First PSN of the sender"),
      FieldRow(
        "retry_count", data + 381, .number(bits: 3), .shapesPacket, "How often to send again"),
      FieldRow("pkey", data + 384, .hexadecimal(bits: 16), .shapesPacket, "Partition key"),
      FieldRow(
        "path_mtu", data + 400, .named(.pathMTU, bits: 4), .shapesPacket, "Path MTU, as its code"),
      FieldRow(
        "rnr_retry_count", data + 405, .number(bits: 3), .shapesPacket,
        "How often to send again to a receiver that is not ready"),
      FieldRow("sgid", data + 448, .ipv6, .shapesPacket, "Sender's global identifier"),
      FieldRow("dgid", data + 576, .ipv6, .shapesPacket, "Receiver's global identifier"),
    ])

  /// 12.6.8.
  static let cmReply = FieldLayout(
    name: "cm_rep", layer: .cmReply, slot: .operation, length: length, checksums: .rdma,
    rows: [
      FieldRow(
        "remote_id", data + 32, .hexadecimal(bits: 32), .shapesPacket,
        "The receiver's number of the pair"),
      FieldRow("qkey", data + 64, .hexadecimal(bits: 32), .shapesPacket, "Key of the queue"),
      FieldRow("local_qp", data + 96, .hexadecimal(bits: 24), .shapesPacket, "Sender's QP"),
      FieldRow(
        "starting_psn", data + 160, .number(bits: 24), .shapesPacket, "First PSN of the sender"),
      FieldRow(
        "rnr_retry_count", data + 216, .number(bits: 3), .shapesPacket,
        "How often to send again to a receiver that is not ready"),
      FieldRow("ca_guid", data + 224, .hexadecimal(bits: 64), .shapesPacket, "Sender's adapter"),
    ])

  /// 12.6.7.
  static let cmReject = FieldLayout(
    name: "cm_rej", layer: .cmReject, slot: .operation, length: length, checksums: .rdma,
    rows: [
      FieldRow(
        "remote_id", data + 32, .hexadecimal(bits: 32), .shapesPacket,
        "The receiver's number of the pair"),
      FieldRow("reason", data + 80, .number(bits: 16), .shapesPacket, "Why, as its code"),
    ])

  /// 12.6.10.
  static let cmDisconnect = FieldLayout(
    name: "cm_dreq", layer: .cmDisconnect, slot: .operation, length: length, checksums: .rdma,
    rows: [
      FieldRow(
        "remote_id", data + 32, .hexadecimal(bits: 32), .shapesPacket,
        "The receiver's number of the pair"),
      FieldRow("remote_qp", data + 64, .hexadecimal(bits: 24), .shapesPacket, "Receiver's QP"),
    ])
}

extension FieldNames {
  static let cmMessage = FieldNames(
    [
      "REQ": 0x10, "MRA": 0x11, "REJ": 0x12, "REP": 0x13, "RTU": 0x14, "DREQ": 0x15,
      "DREP": 0x16, "LAP": 0x19, "APR": 0x1a,
    ])
  static let cmTransport = FieldNames(["RC": 0, "UC": 1, "RD": 2, "Other": 3])
  /// In bytes, by code (chapter 12.7.6).
  static let pathMTU = FieldNames([
    "256_bytes": 1, "512_bytes": 2, "1024_bytes": 3, "2048_bytes": 4, "4096_bytes": 5,
  ])
}
