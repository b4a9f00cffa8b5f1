// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// A RoCE packet and where its queue pair is.
struct ObservedPacket: BitwiseCopyable {
  let headers: UnsafePointer<Headers>
  let bytes: UnsafeRawPointer
  let entry: UnsafeMutablePointer<FlowEntry>
  let nanoseconds: UInt64
  /// The queue pair's place, below the capacity.
  let number: UInt32
  /// Bytes on the wire.
  let length: UInt32
  /// Of the entry: whose the queue pair's record is to be.
  let owner: UInt32
  var facts: PacketFacts
  let icrc: ICRCVerdict
  /// What the observer found the packet to be.
  var outcome = PacketOutcome.inOrder
}

/// What is read of a packet.
struct PacketFacts: BitwiseCopyable {
  /// The word of the base transport header that ends with the sequence number; its first bit asks
  /// for an acknowledgement.
  var word: UInt32 = 0
  /// Bytes of payload, without padding and ICRC; 0 of a fragment.
  var payload: UInt32 = 0
  var kind = OperationKind()
  var opcode: UInt8 = 0

  init() {}

  @inline(__always)
  init(
    _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer,
    _ opcodes: UnsafePointer<OpcodeFacts>
  ) {
    let transport = bytes + headers.pointee[.rdma]
    // Opcode, flags with the number of padding bytes, partition (volume 1, 9.2).
    let first = transport.networkUInt32(at: 0)
    word = transport.networkUInt32(at: 8)
    opcode = UInt8(truncatingIfNeeded: first &>> 24)
    let rest = headers.pointee[.payload] &+ BTH.checkLength &+ Int(first &>> 20 & 3)
    payload = UInt32(truncatingIfNeeded: max(Int(headers.pointee.rdmaEnd) &- rest, 0))
    let ecn = UInt64(headers.pointee.ecn(bytes))
    kind = OperationKind(
      rawValue: opcodes[Int(opcode)].kind.rawValue
        | UInt16(truncatingIfNeeded: Self.kindsByECN &>> (ecn &<< 4)))
  }

  var sequence: UInt32 { word & 0xff_ffff }
  var asksForAnswer: Bool { word &>> 31 != 0 }
  /// What the packet adds to its queue pair's counts beside what its opcode does.
  var counts: RecordCounts { RecordCounts(acknowledgementRequests: UInt64(word &>> 31)) }

  /// By ECN field, 16 bits each: Not-ECT, ECT twice, CE.
  private static var kindsByECN: UInt64 {
    let capable = UInt64(OperationKind.capable.rawValue)
    let marked = UInt64(OperationKind.marked.rawValue)
    return UInt64(OperationKind.notCapable.rawValue) | capable &<< 16 | capable &<< 32
      | (capable | marked) &<< 48
  }
}
