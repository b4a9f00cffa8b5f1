// SPDX-License-Identifier: BSD-3-Clause

/// Reads a pcapng file: any number of sections, in either byte order, with any interfaces.
final class PcapngReader: RecordReader, PlainReader {
  /// Those of the first interface.
  private(set) var content = RecordContent.unsupported("none")
  private(set) var snapLength = 0
  private var blocks: BlockStream
  /// Of the current section.
  private var interfaces: [CaptureInterface] = []
  private var plainInterfaces: [PlainInterface] = []

  /// A section with more interfaces than that is an attack on memory, not a capture.
  private static let mostInterfaces = 65_536
  /// The fixed part of an enhanced and of an obsolete packet block.
  private static let packetHeader = 20

  /// Reads up to the first interface: no packet can come before it.
  init(_ source: ByteSource) throws(ReadFailure) {
    blocks = BlockStream(source)
    while interfaces.isEmpty {
      let last = blocks.blockStart
      guard let block = try blocks.next() else {
        throw .damage("the file describes no interface", at: last)
      }
      _ = try take(block)
    }
    content = interfaces[0].content
    let limit = UInt32(CaptureWriter.longestPacket)
    snapLength = Int(interfaces[0].snapLength == 0 ? limit : min(interfaces[0].snapLength, limit))
  }

  func next() throws(ReadFailure) -> FileRecord? {
    while let block = try blocks.next() {
      if let record = try take(block) { return record }
    }
    return nil
  }

  var plain: (any PlainReader)? { self }

  /// The blocks that nearly all are.
  func read(into packets: UnsafeMutablePointer<CapturedPacket>, atMost most: Int) -> Int {
    plainInterfaces.withUnsafeBufferPointer {
      blocks.passPackets(of: $0, into: packets, atMost: most)
    }
  }

  /// A packet, or nil for a block that only tells of those to come.
  private func take(_ block: Block) throws(ReadFailure) -> FileRecord? {
    switch block.type {
    case .enhancedPacket: return try packet(block, of: block.number(in: Self.packetHeader, at: 0))
    case .obsoletePacket:
      let interface: UInt16? = block.number(in: Self.packetHeader, at: 0)
      return try packet(block, of: interface.map(UInt32.init))
    case .simplePacket: return try simplePacket(block)
    case .section:
      try beginSection(block)
      return nil
    case .interface:
      try addInterface(block)
      return nil
    }
  }

  private func beginSection(_ block: Block) throws(ReadFailure) {
    let version: UInt16? = block.number(in: 16, at: 4)
    guard let version else { throw blocks.damage("a section header is too short") }
    guard version == 1 else { throw blocks.damage("version \(version) of pcapng is unknown") }
    interfaces.removeAll(keepingCapacity: true)
    plainInterfaces.removeAll(keepingCapacity: true)
  }

  private func addInterface(_ block: Block) throws(ReadFailure) {
    guard let interface = CaptureInterface(block) else {
      throw blocks.damage("an interface's description is too short for what it holds")
    }
    guard interfaces.count < Self.mostInterfaces else {
      throw blocks.damage("a section has more than \(Self.mostInterfaces) interfaces")
    }
    interfaces.append(interface)
    plainInterfaces.append(PlainInterface(interface))
  }

  private func packet(_ block: Block, of index: UInt32?) throws(ReadFailure) -> FileRecord {
    guard let index else { throw blocks.damage("a packet's block is too short") }
    let high: UInt32 = block.number(at: 4)
    let low: UInt32 = block.number(at: 8)
    return try record(
      block, of: index, ticks: UInt64(high) << 32 | UInt64(low),
      captured: Int(block.number(at: 12, as: UInt32.self)), length: block.number(at: 16),
      from: Self.packetHeader)
  }

  /// A packet without a time, of the first interface, of which only the length is written.
  private func simplePacket(_ block: Block) throws(ReadFailure) -> FileRecord {
    let length: UInt32? = block.number(in: 4, at: 0)
    guard let length, let first = interfaces.first else {
      throw blocks.damage("a simple packet's block is too short, or before any interface")
    }
    let kept = first.snapLength == 0 ? length : min(length, first.snapLength)
    return try record(block, of: 0, ticks: 0, captured: Int(kept), length: length, from: 4)
  }

  private func record(
    _ block: Block, of index: UInt32, ticks: UInt64, captured: Int, length: UInt32, from start: Int
  ) throws(ReadFailure) -> FileRecord {
    guard index < UInt32(interfaces.count) else {
      throw blocks.damage("a packet is of interface \(index), which is not described")
    }
    guard captured <= CaptureWriter.longestPacket, captured <= block.body.count - start else {
      throw blocks.damage("a packet of \(captured) bytes does not fit into its block")
    }
    let interface = interfaces[Int(index)]
    return FileRecord(
      bytes: UnsafeRawBufferPointer(rebasing: block.body[start..<(start + captured)]),
      nanoseconds: interface.clock.nanoseconds(ticks), originalLength: length,
      content: interface.content)
  }
}

extension Block {
  /// A number of a body that must have at least so many bytes; nil when it has fewer.
  fileprivate func number<Word: FixedWidthInteger>(in least: Int, at place: Int) -> Word? {
    body.count >= least ? number(at: place) : nil
  }
}
