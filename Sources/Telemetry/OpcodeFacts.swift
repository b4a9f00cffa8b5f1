// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What is known of a packet by its opcode alone: a row of a table.
struct OpcodeFacts: BitwiseCopyable {
  let kind: OperationKind
  /// The run of packets that it belongs to, and what it adds to that.
  let run: UInt8
  let step: UInt32
  /// What it adds to the record's counts.
  let counts: RecordCounts

  init(_ opcode: UInt8) {
    kind = OperationKind(Opcode(rawValue: opcode))
    run = OpcodeRun.opcode(for: opcode)
    step = OpcodeRun.step(of: opcode)
    let isMessage = kind.contains(.request) && kind.contains(.ends)
    counts = RecordCounts(
      messages: isMessage ? 1 : 0, writes: isMessage && kind.contains(.write) ? 1 : 0)
  }

  /// By opcode.
  static func makeTable() -> UnsafeMutablePointer<OpcodeFacts> {
    let table = UnsafeMutablePointer<OpcodeFacts>.allocate(capacity: 256)
    for opcode in 0..<256 { (table + opcode).initialize(to: OpcodeFacts(UInt8(opcode))) }
    return table
  }
}
