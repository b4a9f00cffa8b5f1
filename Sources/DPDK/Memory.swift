// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// The memory that DPDK shall use, chosen before it starts: it cannot start twice.
struct Memory {
  let usesHugepages: Bool
  /// Which memory it is, and why, for people.
  let words: String

  /// Megabytes of hugepages below which they are not worth having, unless asked for.
  static let leastHugepages = 256
  /// Megabytes of ordinary memory: only what is touched costs anything.
  static let ordinaryMegabytes = 1024

  static func choose(
    _ wish: EALOptions.Hugepages, need: MemoryNeed?, pages: [Hugepages] = Hugepages.reserved()
  ) throws(DPDKError) -> Memory {
    if wish == .never { return try ordinary(need, "ordinary memory, as asked") }
    let wanted = need?.inHugepages ?? leastHugepages
    let problem = shortage(wanted: wanted, pages: pages)
    guard let problem else {
      let sizes = pages.filter { $0.free > 0 }.map(\.sizeText).joined(separator: " and ")
      return Memory(usesHugepages: true, words: "\(sizes) hugepages")
    }
    if wish == .required {
      throw DPDKError(
        operation: "use hugepages", cause: problem + (need?.tableWords ?? ""),
        advice: "reserve some, for example: sysctl vm.nr_hugepages=\((wanted + 1) / 2)"
          + ", or do not require hugepages")
    }
    return try ordinary(need, "ordinary memory: \(problem)")
  }

  /// Ordinary memory is promised freely, and a process that believes it is killed later.
  private static func ordinary(_ need: MemoryNeed?, _ words: String) throws(DPDKError) -> Memory {
    if let need, let available = availableMegabytes, need.inOrdinary > available {
      throw DPDKError(
        operation: "use \(need.inOrdinary) MB of memory",
        cause: "this machine has \(available) MB available" + need.tableWords,
        advice: need.savings)
    }
    return Memory(usesHugepages: false, words: words)
  }

  private static var availableMegabytes: Int? {
    let lines = SystemFiles.text("/proc/meminfo")?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 >> 10 }
  }

  /// Why the hugepages do not do, or nil when they do.
  private static func shortage(wanted: Int, pages: [Hugepages]) -> String? {
    if pages.allSatisfy({ $0.total == 0 }) { return "no hugepages are reserved" }
    let free = pages.reduce(0) { $0 + $1.freeMegabytes }
    if free < wanted { return "\(free) MB of hugepages are free, \(wanted) MB are needed" }
    for size in pages where size.free > 0 && !size.canBeMapped(megabytes: wanted) {
      return "\(size.sizeText) hugepages cannot be mapped: \(String(cString: strerror(errno)))"
    }
    return nil
  }
}

/// The kernel's hugepages of one size.
struct Hugepages {
  let kilobytes: Int
  let total: Int
  let free: Int

  static func reserved(in directory: String = "/sys/kernel/mm/hugepages") -> [Hugepages] {
    SystemFiles.names(in: directory).compactMap { name in
      guard name.hasPrefix("hugepages-"), name.hasSuffix("kB"),
        let kilobytes = Int(name.dropFirst("hugepages-".count).dropLast(2)), kilobytes > 0,
        let total = SystemFiles.number("\(directory)/\(name)/nr_hugepages"),
        let free = SystemFiles.number("\(directory)/\(name)/free_hugepages")
      else { return nil }
      return Hugepages(kilobytes: kilobytes, total: total, free: free)
    }
  }

  var freeMegabytes: Int { kilobytes.multipliedReportingOverflow(by: free).partialValue / 1024 }

  var sizeText: String {
    kilobytes >= 1 << 20 ? "\(kilobytes >> 20) GB" : "\(kilobytes >> 10) MB"
  }

  /// Whether this process may have so many of them: a container's limit shows only here.
  func canBeMapped(megabytes: Int) -> Bool {
    let size = kilobytes << 10
    let bytes = (min(megabytes, freeMegabytes) << 20) / size * size
    guard bytes > 0 else { return true }
    let sizeBits = Int32(size.trailingZeroBitCount) << MAP_HUGE_SHIFT
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_HUGETLB) | sizeBits
    guard let address = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      address != MAP_FAILED
    else { return false }
    munmap(address, bytes)
    return true
  }
}
