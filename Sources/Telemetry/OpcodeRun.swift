// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Packets of a queue pair that are not yet counted by opcode: of one opcode in a row, or of
/// messages of one kind, from first packets over middle ones to last ones. So messages that are
/// alike cost no look at the counters.
struct OpcodeRun: BitwiseCopyable {
  /// Middle packets, or all of one opcode, then first and last ones: 17, 6 and 6 bits with a bit
  /// above each that says that the field is full.
  private var counts: UInt32 = 0
  /// That of the first packets of the messages, or of all.
  private(set) var opcode: UInt8 = 0

  private static var firsts: UInt32 { 18 }
  private static var lasts: UInt32 { 25 }
  private static var full: UInt32 { 1 << 17 | 1 << 24 | 1 << 31 }

  init() {}

  /// - Parameter opcode: as `opcode(for:)` has it.
  init(opcode: UInt8) { self.opcode = opcode }

  /// Whether the run is of messages: of sends or writes, whose middle and last packets have the
  /// opcodes behind that of the first one. Notifications have such bits, too.
  private static func isOfMessages(_ opcode: UInt8) -> Bool {
    (opcode & 31 == 0 || opcode & 31 == 6) && opcode &>> 5 != Opcode.cnp.rawValue &>> 5
  }

  /// The opcode of the run that a packet's goes on with.
  static func opcode(for packet: UInt8) -> UInt8 {
    for distance in 0...min(packet & 31, 2) where isOfMessages(packet - distance) {
      return packet - distance
    }
    return packet
  }

  /// What a packet adds to the counts.
  static func step(of packet: UInt8) -> UInt32 {
    switch packet - opcode(for: packet) {
    case 0: isOfMessages(packet) ? 1 << firsts : 1
    case 1: 1
    default: 1 << lasts
    }
  }

  /// 0 where packets of the run with this opcode go on with this one.
  @inline(__always)
  func difference(to opcode: UInt8) -> UInt32 {
    UInt32(self.opcode ^ opcode) | counts & Self.full
  }

  @inline(__always)
  mutating func add(_ step: UInt32) { counts &+= step }

  /// Calls with each opcode and how many packets there were.
  func count(_ body: (UInt8, UInt64) -> Void) {
    guard Self.isOfMessages(opcode) else { return body(opcode, UInt64(counts)) }
    body(opcode, UInt64(counts &>> Self.firsts & 0x7f))
    body(opcode &+ 1, UInt64(counts & 0x3_ffff))
    body(opcode &+ 2, UInt64(counts &>> Self.lasts))
  }
}
