// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// Zeroed memory for the entries of a table. Where it is large, the kernel is asked for huge pages:
/// of ordinary ones a look-up in a large table would miss the address translation cache too.
///
/// It does not come out of DPDK's memory: that is sized for packets before tables are known.
@usableFromInline
struct TableMemory<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline let start: UnsafeMutablePointer<Element>

  private static var hugepage: Int { 2 << 20 }
  private static var cacheLine: Int { 64 }

  init(count: Int) throws(TableError) {
    let (size, isTooLarge) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !isTooLarge, size <= 1 << 40 else { throw TableError("a table of \(count) entries") }
    let unit = size < Self.hugepage / 2 ? Self.cacheLine : Self.hugepage
    let bytes = (max(size, 1) + unit - 1) / unit * unit
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, unit, bytes) == 0, let memory else {
      throw TableError("there are no \(bytes >> 20) MB for a table")
    }
    if unit == Self.hugepage { madvise(memory, bytes, MADV_HUGEPAGE) }
    memset(memory, 0, bytes)
    start = memory.assumingMemoryBound(to: Element.self)
  }

  init(_ elements: [Element]) throws(TableError) {
    self = try TableMemory(count: elements.count)
    start.update(from: elements, count: elements.count)
  }

  deinit { free(start) }
}
