// SPDX-License-Identifier: BSD-3-Clause

/// The extension headers of the base transport header (InfiniBand Architecture Specification,
/// volume 1, 9.3; XRCETH in Annex A14, FETH in Annex A19).
extension FieldLayout {
  static let reliableDatagram = FieldLayout(
    name: "rdeth", layer: .rdeth, slot: .reliableDatagram, length: 4, checksums: .rdma,
    rows: [
      FieldRow("ee_context", 8, .hexadecimal(bits: 24), .writable, "End-to-end context")
    ])

  static let datagram = FieldLayout(
    name: "deth", layer: .deth, slot: .queue, length: 8, checksums: .rdma,
    rows: [
      FieldRow("qkey", 0, .hexadecimal(bits: 32), .writable, "Key of the queue"),
      FieldRow("src_qp", 40, .hexadecimal(bits: 24), .writable, "Queue pair it comes from"),
    ])

  static let extendedReliableConnection = FieldLayout(
    name: "xrceth", layer: .xrceth, slot: .queue, length: 4, checksums: .rdma,
    rows: [
      FieldRow("srq", 8, .hexadecimal(bits: 24), .writable, "Shared receive queue it is for")
    ])

  static let remoteMemory = FieldLayout(
    name: "reth", layer: .reth, slot: .operation, length: 16, checksums: .rdma,
    rows: [
      FieldRow("va", 0, .hexadecimal(bits: 64), .writable, "Virtual address at the responder"),
      FieldRow("rkey", 64, .hexadecimal(bits: 32), .writable, "Key of the responder's memory"),
      FieldRow("length", 96, .number(bits: 32), .writable, "Bytes of the whole message"),
    ])

  static let atomic = FieldLayout(
    name: "atomiceth", layer: .atomicETH, slot: .operation, length: 28, checksums: .rdma,
    rows: [
      FieldRow("va", 0, .hexadecimal(bits: 64), .writable, "Virtual address at the responder"),
      FieldRow("rkey", 64, .hexadecimal(bits: 32), .writable, "Key of the responder's memory"),
      FieldRow("swap", 96, .hexadecimal(bits: 64), .writable, "What is swapped in or added"),
      FieldRow("compare", 160, .hexadecimal(bits: 64), .writable, "What is compared with"),
    ])

  static let acknowledge = FieldLayout(
    name: "aeth", layer: .aeth, slot: .operation, length: 4, checksums: .rdma,
    rows: [
      FieldRow(
        "syndrome", 0, .hexadecimal(bits: 8), .writable, "Kind of answer, with its code"),
      FieldRow("kind", 1, .named(.syndromeKind, bits: 2), .writable, "Kind of answer"),
      FieldRow("msn", 8, .number(bits: 24), .writable, "Message sequence number"),
    ])

  // What the lower five bits of the syndrome mean depends on the kind.
  static let credits = acknowledge.with(
    layer: .ack,
    FieldRow(
      "credits", 3, .named(.credits, bits: 5), .shapesPacket,
      "Receive queue entries that are free, as its code or number"))
  static let receiverNotReady = acknowledge.with(
    layer: .rnrNAK,
    FieldRow(
      "rnr_timer", 3, .named(.rnrTimer, bits: 5), .shapesPacket,
      "How long to wait until the receiver is ready"))
  static let negative = acknowledge.with(
    layer: .nak,
    FieldRow("nak_code", 3, .named(.nakCode, bits: 5), .shapesPacket, "Why it was refused"))

  static let atomicAcknowledge = FieldLayout(
    name: "atomicacketh", layer: .atomicAckETH, slot: .operand, length: 8, checksums: .rdma,
    rows: [
      FieldRow("data", 0, .hexadecimal(bits: 64), .writable, "What the memory held before")
    ])

  static let immediate = FieldLayout(
    name: "immdt", layer: .immDt, slot: .operand, length: 4, checksums: .rdma,
    rows: [FieldRow("data", 0, .hexadecimal(bits: 32), .writable, "Immediate data")])

  static let invalidate = FieldLayout(
    name: "ieth", layer: .ieth, slot: .operand, length: 4, checksums: .rdma,
    rows: [FieldRow("rkey", 0, .hexadecimal(bits: 32), .writable, "Key to be invalidated")])

  static let flush = FieldLayout(
    name: "feth", layer: .feth, slot: .operand, length: 4, checksums: .rdma,
    rows: [
      FieldRow("selectivity", 26, .number(bits: 2), .writable, "How much is flushed"),
      FieldRow("placement", 28, .hexadecimal(bits: 4), .writable, "How far it is flushed"),
    ])

  private func with(layer: Layers, _ row: FieldRow) -> FieldLayout {
    FieldLayout(
      name: name, layer: layer, slot: slot, length: length, checksums: checksums, rows: [row])
  }
}
