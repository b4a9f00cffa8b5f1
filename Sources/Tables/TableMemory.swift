// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

/// When the pages of a table's memory are made, where it lies in none of DPDK's.
public enum TablePages: Sendable {
  /// Before the first packet comes, which cannot wait.
  case atOnce
  /// When they are used: a replay has the time, and may use few of them.
  case whenUsed
}

/// Zeroed memory for a table, in hugepages where there are some: a look-up in a table of megabytes
/// misses the translation cache of small pages nearly every time.
public struct TableMemory<Element: BitwiseCopyable>: ~Copyable {
  public let start: UnsafeMutablePointer<Element>
  let byteCount: Int
  private let mapping: Mapping?

  private struct Mapping {
    let start: UnsafeMutableRawPointer
    let byteCount: Int
  }

  private static var hugepage: Int { 2 << 20 }

  public init(count: Int, pages: TablePages = .atOnce) throws(TableError) {
    let (byteCount, isTooLarge) = max(count, 1)
      .multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !isTooLarge, byteCount <= 1 << 40 else {
      throw TableError("a table of \(count) entries is too large")
    }
    if byteCount >= Self.hugepage, let memory = cdpdk_memory_take(byteCount) {
      start = memory.assumingMemoryBound(to: Element.self)
      mapping = nil
      self.byteCount = byteCount
      return
    }
    guard let (memory, mapping) = Self.map(byteCount, pages) else {
      throw TableError("there are no \(byteCount) bytes for a table")
    }
    start = memory.assumingMemoryBound(to: Element.self)
    self.mapping = mapping
    self.byteCount = byteCount
  }

  init(_ elements: [Element]) throws(TableError) {
    self = try TableMemory(count: elements.count)
    start.update(from: elements, count: elements.count)
  }

  deinit {
    if let mapping {
      munmap(mapping.start, mapping.byteCount)
    } else {
      cdpdk_memory_give(start)
    }
  }

  /// Ordinary memory that begins at a multiple of a hugepage, so that the kernel may make it some.
  private static func map(
    _ byteCount: Int, _ pages: TablePages
  ) -> (UnsafeMutableRawPointer, Mapping)? {
    let mapped = byteCount + (byteCount >= hugepage ? hugepage : 0)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let memory = mmap(nil, mapped, PROT_READ | PROT_WRITE, flags, -1, 0),
      memory != MAP_FAILED
    else { return nil }
    var start = memory
    if byteCount >= hugepage {
      start = memory.alignedUp(toMultipleOf: hugepage)
      // Refused, the pages are small and all else is the same.
      _ = madvise(start, byteCount, MADV_HUGEPAGE)
    }
    if pages == .atOnce {
      start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }
    return (start, Mapping(start: memory, byteCount: mapped))
  }
}
