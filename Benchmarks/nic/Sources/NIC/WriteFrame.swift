// SPDX-License-Identifier: BSD-3-Clause

/// The frame of `comparison/frames.py`: Ethernet, IPv4, UDP, base transport header, and the RDMA
/// extended transport header where a message starts. Its invariant CRC is 0: nobody looks at it.
struct WriteFrame: BitwiseCopyable {
  static var length: UInt32 { 82 }

  private var words: InlineArray<11, UInt64> = .init(repeating: 0)
  /// The sum of the header's words without the source address, of which the checksum is made.
  private let partialSum: UInt32

  init() {
    var frame = [UInt8](repeating: 0, count: 88)
    frame.replaceSubrange(0..<14, with: [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0])
    // ECT(0), don't fragment, UDP, from 10.0.0.0 to 10.1.0.1.
    frame.replaceSubrange(
      14..<34, with: [0x45, 2, 0, 68, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 0, 10, 1, 0, 1])
    frame.replaceSubrange(34..<42, with: [0xc0, 0, 0x12, 0xb7, 0, 48, 0, 0])
    frame.replaceSubrange(42..<54, with: [0x0a, 0x40, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
    // Eight bytes are written.
    frame[69] = 8
    partialSum = stride(from: 14, to: 34, by: 2).reduce(0) { sum, place in
      sum + UInt32(frame[place]) << 8 + UInt32(frame[place + 1])
    }
    for place in 0..<88 { words[place / 8] |= UInt64(frame[place]) << UInt64(place % 8 * 8) }
  }

  /// The source address and the source port differ by queue pair, too.
  func write(
    to bytes: UnsafeMutableRawPointer, queuePair: UInt32, sequence: UInt32, starts: Bool, ends: Bool
  ) {
    for place in 0..<10 {
      bytes.storeBytes(of: words[place], toByteOffset: place &* 8, as: UInt64.self)
    }
    bytes.storeBytes(of: 0, toByteOffset: 78, as: UInt32.self)
    let source = 256 &+ queuePair & 4095
    var sum = partialSum &+ source
    sum = sum & 0xffff &+ sum &>> 16
    sum = sum & 0xffff &+ sum &>> 16
    store(~sum, to: bytes, at: 24)
    store(source, to: bytes, at: 28)
    store(0xc000 &+ queuePair & 8191, to: bytes, at: 34)
    // WRITE Only, First, Last, Middle; the last packet asks for an acknowledgement.
    let opcode: UInt8 = starts ? (ends ? 0x0a : 0x06) : (ends ? 0x08 : 0x07)
    bytes.storeBytes(of: opcode, toByteOffset: 42, as: UInt8.self)
    bytes.storeBytes(of: (0x100 &+ queuePair).bigEndian, toByteOffset: 46, as: UInt32.self)
    let word = (ends ? 1 &<< 31 : 0) | sequence
    bytes.storeBytes(of: word.bigEndian, toByteOffset: 50, as: UInt32.self)
  }

  /// The lower 16 bits.
  private func store(_ value: UInt32, to bytes: UnsafeMutableRawPointer, at offset: Int) {
    let half = UInt16(truncatingIfNeeded: value)
    bytes.storeBytes(of: half.bigEndian, toByteOffset: offset, as: UInt16.self)
  }
}
