// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Wire

/// Up to 64 packets of a capture with their headers, and which of them are wanted.
struct PacketBatch: ~Copyable, PacketSource {
  var captured = CaptureBatch()
  /// One bit for each packet that the filter lets through.
  var selected: UInt64 = 0
  /// The place of the packets' capture among the inputs.
  var file = 0
  /// The number of the first packet among all that were read, from 1.
  var firstNumber: UInt64 = 1
  private let records: UnsafeMutablePointer<Headers>

  init() {
    records = .allocate(capacity: CaptureBatch.capacity)
    records.initialize(repeating: Headers(), count: CaptureBatch.capacity)
  }

  deinit { records.deallocate() }

  /// Finds the headers of all packets, and selects them all.
  mutating func parse(by rules: UnsafePointer<ParserRules>) {
    let count = captured.count
    for index in 0..<count {
      let packet = captured[index]
      Wire.parse(
        bytes(index), captured: packet.bytes.count, wireLength: Int(packet.originalLength),
        link: packet.linkType, by: rules, into: records + index)
    }
    selected = count == CaptureBatch.capacity ? .max : (1 << UInt64(count)) - 1
  }

  /// Looks at the ICRC of all selected RoCE packets; their headers keep the verdict.
  mutating func checkICRC() {
    var bits = selected
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      guard records[index].layers.contains(.bth) else { continue }
      records[index].icrc = ICRC.verdict(in: self, at: index)
    }
  }

  /// Keeps the first packets of the selection.
  mutating func keep(atMost count: Int) {
    while selected.nonzeroBitCount > count {
      selected &= ~(1 << UInt64(63 - selected.leadingZeroBitCount))
    }
  }

  @inline(__always)
  func headers(_ index: Int) -> UnsafePointer<Headers> { UnsafePointer(records + index) }

  /// Where there is not a single byte, nothing is read.
  @inline(__always)
  func bytes(_ index: Int) -> UnsafeRawPointer {
    captured[index].bytes.baseAddress ?? UnsafeRawPointer(records)
  }

  @inline(__always)
  func wireLength(_ index: Int) -> UInt32 { captured[index].originalLength }

  @inline(__always)
  func capturedLength(_ index: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: captured[index].bytes.count)
  }

  @inline(__always)
  func piece(_ index: Int, from offset: Int) -> PacketPiece? {
    let bytes = captured[index].bytes
    guard offset < bytes.count, let start = bytes.baseAddress else { return nil }
    return PacketPiece(start: start + offset, count: bytes.count - offset)
  }
}
