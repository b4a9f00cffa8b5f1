// SPDX-License-Identifier: BSD-3-Clause

import Glibc

/// Bytes on their way to an output, in the little-endian order that the writer always uses.
struct OutputBuffer: ~Copyable {
  private let memory: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(capacity: Int) { memory = .allocate(byteCount: capacity, alignment: 64) }
  deinit { memory.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory.prefix(count)) }
  var room: Int { memory.count - count }

  mutating func append<Word: FixedWidthInteger>(_ word: Word) {
    precondition(room >= MemoryLayout<Word>.size)
    memory.storeBytes(of: word.littleEndian, toByteOffset: count, as: Word.self)
    count += MemoryLayout<Word>.size
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    precondition(room >= bytes.count)
    guard let source = bytes.baseAddress, let target = memory.baseAddress else { return }
    memcpy(target + count, source, bytes.count)
    count += bytes.count
  }

  /// Zeros up to a multiple of four bytes, as pcapng pads.
  mutating func pad(after length: Int) {
    for _ in 0..<(-length & 3) { append(0 as UInt8) }
  }

  mutating func removeAll() { count = 0 }
}
