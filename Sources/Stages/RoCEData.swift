// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Wire

/// What congestion control takes a RoCE packet for.
enum RoCEData {
  /// The opcode of a packet that has a base transport header.
  @inline(__always)
  static func opcode(of index: Int, in burst: borrowing Burst) -> UInt8 {
    (burst.bytes(index) + burst.headers(index).pointee[.rdma]).load(as: UInt8.self)
  }

  /// Whether it is an acknowledgement or the answer to an atomic operation: these are small, and
  /// what waits for them waits elsewhere.
  @inline(__always)
  static func isAnswer(_ opcode: UInt8) -> Bool { (opcode & 0x1f) &- 0x11 < 2 }

  /// Whether the rate of the packet's sender is controlled: it is no notification, and no answer.
  @inline(__always)
  static func isData(_ index: Int, of burst: borrowing Burst) -> Bool {
    let opcode = opcode(of: index, in: burst)
    return opcode != Opcode.cnp.rawValue && !isAnswer(opcode)
  }
}
