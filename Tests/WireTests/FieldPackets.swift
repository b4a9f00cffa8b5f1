// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Up to 64 parsed packets, each in memory of exactly its size, as a source of packets.
final class FieldPackets: PacketSource {
  private let records: UnsafeMutableBufferPointer<Headers>
  private var memory: [UnsafeMutableRawBufferPointer] = []
  private let wireLengths: [UInt32]

  init(_ packets: [CapturedPacket], by rules: UnsafePointer<ParserRules> = standardRules) {
    precondition(packets.count <= 64)
    records = .allocate(capacity: packets.count)
    wireLengths = packets.map { UInt32($0.wireLength) }
    for (index, packet) in packets.enumerated() {
      records.initializeElement(at: index, to: packet.parsed(by: rules))
      memory.append(.allocate(byteCount: max(packet.bytes.count, 1), alignment: 1))
      memory[index].copyBytes(from: packet.bytes)
    }
    lengths = packets.map(\.bytes.count)
  }

  convenience init(_ bytes: [UInt8], link: LinkType = .ethernet) {
    self.init([CapturedPacket(bytes: bytes, wireLength: bytes.count, link: link)])
  }

  private let lengths: [Int]
  /// How many bytes lie side by side, as in packets that are chains of buffers.
  var pieceLength = Int.max

  deinit {
    records.deallocate()
    memory.forEach { $0.deallocate() }
  }

  var count: Int { records.count }

  var all: UInt64 { records.count == 64 ? .max : 1 << UInt64(records.count) - 1 }

  /// The packet's bytes as they are now.
  func contents(_ index: Int = 0) -> [UInt8] { Array(memory[index].prefix(lengths[index])) }

  func headers(_ index: Int) -> UnsafePointer<Headers> {
    UnsafePointer(records.baseAddress.unsafelyUnwrapped + index)
  }
  func bytes(_ index: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(memory[index].baseAddress.unsafelyUnwrapped)
  }
  var sharedLayers: Layers {
    Layers(rawValue: records.reduce(.max) { $0 & $1.layers.rawValue })
  }
  func wireLength(_ index: Int) -> UInt32 { wireLengths[index] }
  func capturedLength(_ index: Int) -> UInt32 { UInt32(lengths[index]) }
  func piece(_ index: Int, from offset: Int) -> PacketPiece? {
    let left = lengths[index] - offset
    guard left > 0 else { return nil }
    return PacketPiece(
      start: bytes(index) + offset, count: min(left, pieceLength - offset % pieceLength))
  }
}
