// SPDX-License-Identifier: BSD-3-Clause

/// Packets of a queue pair that are not yet counted by opcode: of one opcode in a row, or of
/// messages of one kind, from first packets over middle ones to last ones. So messages that are
/// alike cost no look at the counters.
struct OpcodeRun: BitwiseCopyable {
  /// Middle packets, or all of one opcode, then first and last ones: 17, 6 and 6 bits with a bit
  /// above each that says that the field is full.
  private var counts: UInt32 = 0
  private(set) var opcode: UInt8 = 0

  private static var firsts: UInt32 { 18 }
  private static var lasts: UInt32 { 25 }
  private static var full: UInt32 { 1 << 17 | 1 << 24 | 1 << 31 }

  init() {}

  init(opcode: UInt8) { self.opcode = opcode }

  /// Whether the run is of messages: it began with the first packet of a send or a write.
  @inline(__always)
  private var isOfMessages: Bool { (1 << 0 | 1 << 6) as UInt32 &>> UInt32(opcode & 31) & 1 != 0 }

  /// Whether the packet goes on with the run. Opcodes of middle and last packets follow that of
  /// the first one.
  @inline(__always)
  func takes(_ other: UInt8) -> Bool {
    let distance = other &- opcode
    return (distance == 0 || distance <= 2 && isOfMessages) && counts & Self.full == 0
  }

  @inline(__always)
  mutating func add(_ other: UInt8) {
    let distance = other &- opcode
    let first: UInt32 = isOfMessages ? Self.firsts : 0
    counts &+= 1 &<< (distance == 0 ? first : distance == 1 ? 0 : Self.lasts)
  }

  /// Calls with each opcode and how many packets there were.
  func count(_ body: (UInt8, UInt64) -> Void) {
    guard isOfMessages else { return body(opcode, UInt64(counts)) }
    body(opcode, UInt64(counts &>> Self.firsts & 0x7f))
    body(opcode &+ 1, UInt64(counts & 0x3_ffff))
    body(opcode &+ 2, UInt64(counts &>> Self.lasts))
  }
}
