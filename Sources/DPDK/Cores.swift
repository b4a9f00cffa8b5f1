// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// The processor cores that this process may run on, by the kernel's numbers.
public enum Cores {
  /// The cores of the calling thread's affinity mask, ascending.
  public static var available: [Int] { CoreMask.current.cores }

  /// Threads that the body starts run on other cores than these, where there are others.
  public static func avoiding<Failure: Error>(
    _ cores: [Int], _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    let before = CoreMask.current
    let others = before.without(cores)
    if !others.cores.isEmpty { others.apply() }
    defer { before.apply() }
    try body()
  }

  /// Cores as people write them: `0-3, 8`.
  public static func list(_ cores: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for core in cores.sorted() {
      if let last = ranges.last, core <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...core
      } else {
        ranges.append(core...core)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ")
  }
}

/// A thread's affinity, which DPDK changes at start and which is put back afterwards.
struct CoreMask {
  // Words keep it aligned as cpu_set_t is.
  private var words = [UInt64](repeating: 0, count: 16)

  static var current: CoreMask {
    var mask = CoreMask()
    _ = mask.words.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: UInt8.self) { $0.baseAddress.map { cdpdk_affinity($0) } }
    }
    return mask
  }

  func apply() {
    _ = words.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: UInt8.self) { $0.baseAddress.map { cdpdk_set_affinity($0) } }
    }
  }

  func without(_ cores: [Int]) -> CoreMask {
    var mask = self
    for core in cores where mask.words.indices.contains(core / 64) {
      mask.words[core / 64] &= ~(1 << UInt64(core % 64))
    }
    return mask
  }

  var cores: [Int] {
    (0..<words.count * 64).filter { words[$0 / 64] & (1 << UInt64($0 % 64)) != 0 }
  }
}
