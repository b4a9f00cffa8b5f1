// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Synchronization

/// Hugepages as files, which other processes can attach to; DPDK leaves them behind.
enum HugepageFiles {
  private static let prefix = Mutex("")

  /// Whether there can be such files.
  static func check(_ memory: Memory) throws(DPDKError) {
    let operation = "let dpdk-dumpcap capture packets"
    guard memory.usesHugepages else {
      throw DPDKError(
        operation: operation, cause: "that needs hugepages, and this is \(memory.words)",
        advice: "reserve some, for example: sysctl vm.nr_hugepages=512, or leave out `dumpcap`")
    }
    guard folders.contains(where: { access($0, W_OK) == 0 }) else {
      throw DPDKError(
        operation: operation, cause: "no hugetlbfs is mounted where this user may write",
        advice: "mount one, for example: mount -t hugetlbfs none /dev/hugepages")
    }
  }

  /// Has the files removed when the process ends by itself: until then they keep the hugepages.
  static func removeAtEnd(prefix text: String) {
    prefix.withLock { $0 = text }
    atexit {
      let start = HugepageFiles.prefix.withLock { $0 } + "map_"
      for folder in HugepageFiles.folders {
        for name in SystemFiles.names(in: folder) where name.hasPrefix(start) {
          unlink("\(folder)/\(name)")
        }
      }
    }
  }

  /// Where hugetlbfs is mounted (proc(5): device, folder, type).
  private static var folders: [String] {
    SystemFiles.contents("/proc/mounts").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count > 2 && words[2] == "hugetlbfs" ? String(words[1]) : nil
    }
  }
}
