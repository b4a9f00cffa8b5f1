// SPDX-License-Identifier: BSD-3-Clause

/// The order of a file's multi-byte numbers.
enum ByteOrder: CaseIterable {
  case little, big
}

/// Bytes of a capture file, put together by hand.
struct Bytes {
  var order = ByteOrder.little
  private(set) var all: [UInt8] = []

  init(_ order: ByteOrder = .little) { self.order = order }

  mutating func put<Word: FixedWidthInteger>(_ words: Word...) {
    for word in words {
      let ordered = order == .little ? word.littleEndian : word.bigEndian
      withUnsafeBytes(of: ordered) { all += $0 }
    }
  }

  mutating func put(_ bytes: [UInt8]) { all += bytes }
}

/// Builds pcap files by hand, from the published format.
struct PcapFile {
  var order = ByteOrder.little
  var isNanoseconds = false
  var linkType: UInt32 = 1
  var snapLength: UInt32 = 65535

  /// The file header alone.
  var header: [UInt8] {
    var file = Bytes(order)
    file.put((isNanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4) as UInt32)
    file.put(2 as UInt16, 4)
    file.put(0 as UInt32, 0, snapLength, linkType)
    return file.all
  }

  func record(_ bytes: [UInt8], seconds: UInt32 = 1, fraction: UInt32 = 0, length: Int? = nil)
    -> [UInt8]
  {
    var record = Bytes(order)
    record.put(seconds, fraction, UInt32(bytes.count), UInt32(length ?? bytes.count))
    record.put(bytes)
    return record.all
  }
}

/// Builds pcapng files by hand, from the published format.
struct PcapngFile {
  var order = ByteOrder.little

  func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let padded = body + Array(repeating: 0, count: -body.count & 3)
    var block = Bytes(order)
    block.put(type, UInt32(padded.count + 12))
    block.put(padded)
    block.put(UInt32(padded.count + 12))
    return block.all
  }

  var section: [UInt8] { section() }

  func section(version: UInt16 = 1) -> [UInt8] {
    var body = Bytes(order)
    body.put(0x1A2B_3C4D as UInt32)
    body.put(version, 0)
    body.put(UInt64.max)
    return block(0x0A0D_0D0A, body.all)
  }

  /// `resolution` is the value of the option if_tsresol, `offset` that of if_tsoffset.
  func interface(
    _ linkType: UInt16 = 1, snapLength: UInt32 = 65535, resolution: UInt8? = nil,
    offset: Int64? = nil
  ) -> [UInt8] {
    var body = Bytes(order)
    body.put(linkType, 0)
    body.put(snapLength)
    if let resolution {
      body.put(9 as UInt16, 1)
      body.put([resolution, 0, 0, 0])
    }
    if let offset {
      body.put(14 as UInt16, 8)
      body.put(offset)
    }
    if resolution != nil || offset != nil { body.put(0 as UInt32) }
    return block(1, body.all)
  }

  /// With a comment behind it, which is to be passed over.
  func packet(
    _ bytes: [UInt8], of interface: UInt32 = 0, ticks: UInt64 = 0, length: Int? = nil,
    comment: Bool = false
  ) -> [UInt8] {
    var body = Bytes(order)
    body.put(interface, UInt32(ticks >> 32), UInt32(truncatingIfNeeded: ticks))
    body.put(UInt32(bytes.count), UInt32(length ?? bytes.count))
    body.put(bytes + Array(repeating: 0, count: -bytes.count & 3))
    if comment {
      body.put(1 as UInt16, 4)
      body.put(Array("text".utf8))
      body.put(0 as UInt32)
    }
    return block(6, body.all)
  }

  func simplePacket(_ bytes: [UInt8], length: Int? = nil) -> [UInt8] {
    var body = Bytes(order)
    body.put(UInt32(length ?? bytes.count))
    return block(3, body.all + bytes)
  }

  func obsoletePacket(_ bytes: [UInt8], of interface: UInt16 = 0, ticks: UInt64 = 0) -> [UInt8] {
    var body = Bytes(order)
    body.put(interface, 7)
    body.put(UInt32(ticks >> 32), UInt32(truncatingIfNeeded: ticks))
    body.put(UInt32(bytes.count), UInt32(bytes.count))
    return block(2, body.all + bytes)
  }
}
