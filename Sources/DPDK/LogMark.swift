// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// A place in DPDK's log, which is kept in memory and never printed.
public struct LogMark {
  private let position: UInt64

  /// Marks the end of what has been logged so far.
  public init() { position = cdpdk_log_length() }

  private init(position: UInt64) { self.position = position }

  /// The oldest line that is still kept.
  public static var beginning: LogMark { LogMark(position: 0) }

  /// What DPDK logged since, from notices up to errors, oldest first.
  public func lines() -> [String] { entries().map(\.text) }

  /// The last errors since the mark, or the last warnings when there was no error.
  func complaints() -> [String] {
    let entries = entries()
    let errors = entries.filter { $0.level <= Self.error }
    let chosen = errors.isEmpty ? entries.filter { $0.level == Self.warning } : errors
    var lines: [String] = []
    for entry in chosen where !lines.contains(entry.text) { lines.append(entry.text) }
    return lines.suffix(3)
  }

  private func entries() -> [(level: Int, text: String)] {
    let capacity = 1 << 14
    let text = String(unsafeUninitializedCapacity: capacity) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { bytes in
        bytes.baseAddress.map { cdpdk_log_read(position, $0, capacity) } ?? 0
      }
    }
    return text.split(separator: "\n").compactMap { line in
      guard let level = line.first?.wholeNumberValue, !Self.expected.contains(where: line.contains)
      else { return nil }
      return (level, String(line.dropFirst()))
    }
  }

  // DPDK's levels: RTE_LOG_ERR and RTE_LOG_WARNING.
  private static let error = 4
  private static let warning = 5
  /// DPDK complains that it cannot make its runtime directory, which is what `EAL` wants.
  private static let expected = ["creating '/dev/null", "No DPDK runtime directory created"]
}
