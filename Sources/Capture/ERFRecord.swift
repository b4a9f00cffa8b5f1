// SPDX-License-Identifier: BSD-3-Clause

import Wire

/// The Endace header in front of a packet whose file has link type ERF (197).
///
/// 16 bytes (time stamp 8, type 1, flags 1, record length 2, loss 2, wire length 2, big-endian),
/// then extension headers of 8 bytes each, then 2 bytes of padding if Ethernet follows.
struct ERFRecord {
  /// The packet, without what the record adds before and behind it.
  let packet: UnsafeRawBufferPointer
  /// Since 1970, from the card's own clock: finer than the file's own microseconds.
  let nanoseconds: UInt64
  let wireLength: UInt32
  let linkType: LinkType

  /// Why a record is no packet that can be delivered.
  struct Skipped: Error, Hashable {
    let reason: String
  }

  init(_ bytes: UnsafeRawBufferPointer) throws(Skipped) {
    guard bytes.count >= 16 else { throw Skipped(reason: "cut ERF header") }
    let type = bytes[8] & 0x7F
    guard let link = Self.linkType(of: type) else { throw Skipped(reason: Self.name(of: type)) }
    let recordLength = Int(bytes[10]) << 8 | Int(bytes[11])
    let wireLength = Int(bytes[14]) << 8 | Int(bytes[15])
    let record = UnsafeRawBufferPointer(rebasing: bytes.prefix(recordLength))
    guard let start = Self.payloadStart(in: record, padding: link == .ethernet ? 2 : 0) else {
      throw Skipped(reason: "cut ERF header")
    }
    // A record is padded to 8 bytes; the wire length says where the packet ends.
    packet = UnsafeRawBufferPointer(rebasing: record.dropFirst(start).prefix(wireLength))
    nanoseconds = Self.nanoseconds(bytes)
    self.wireLength = UInt32(wireLength)
    linkType = link
  }

  /// The time stamp is the record's only little-endian number: seconds in fixed point, 32.32.
  private static func nanoseconds(_ record: UnsafeRawBufferPointer) -> UInt64 {
    let stamp = UInt64(littleEndian: record.loadUnaligned(as: UInt64.self))
    let fraction = (stamp & 0xFFFF_FFFF) * 1_000_000_000
    return (stamp >> 32) * 1_000_000_000 + ((fraction + 0x8000_0000) >> 32)
  }

  /// Each header's top bit, the type's and every extension's, says that one more follows.
  private static func payloadStart(in record: UnsafeRawBufferPointer, padding: Int) -> Int? {
    guard record.count >= 16 else { return nil }
    var start = 16
    var more = record[8] & 0x80 != 0
    while more {
      guard start + 8 <= record.count else { return nil }
      more = record[start] & 0x80 != 0
      start += 8
    }
    return start + padding <= record.count ? start + padding : nil
  }

  private static func linkType(of type: UInt8) -> LinkType? {
    switch type {
    case 2, 11, 16, 20: .ethernet
    case 21: .infiniband
    case 22, 23: .rawIP
    default: nil
    }
  }

  private static func name(of type: UInt8) -> String {
    switch type {
    case 24: "ERF type 24 (raw link)"
    case 25: "ERF type 25 (InfiniBand link)"
    case 27: "ERF type 27 (provenance)"
    case 28, 29: "ERF type \(type) (Omni-Path)"
    case 48: "ERF type 48 (padding)"
    default: "ERF type \(type)"
    }
  }
}
