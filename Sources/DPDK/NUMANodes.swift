// SPDX-License-Identifier: BSD-3-Clause

/// The machine's NUMA nodes: processors, each with the memory that is close to them.
public enum NUMANodes {
  /// Their numbers, ascending; a machine that knows no nodes is one.
  public static var online: [Int] {
    SystemFiles.text("/sys/devices/system/node/online").map(numbers) ?? [0]
  }

  /// Numbers as the kernel writes them: `0-1,4`.
  static func numbers(_ text: String) -> [Int] {
    text.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1024 else {
        return []
      }
      return Array(first...last)
    }
  }
}
