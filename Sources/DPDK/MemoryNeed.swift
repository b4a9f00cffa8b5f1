// SPDX-License-Identifier: BSD-3-Clause

/// Megabytes that packet buffers take, which depend on where they lie; and bytes of tables.
public struct MemoryNeed: Sendable, Equatable {
  public var hugepages: Int
  public var ordinary: Int
  /// Bytes of tables, the same wherever they lie. Without hugepages they are not DPDK's.
  public var tables: Int

  public init(hugepages: Int, ordinary: Int, tables: Int = 0) {
    self.hugepages = hugepages
    self.ordinary = ordinary
    self.tables = tables
  }

  /// The same in both.
  public init(megabytes: Int) { self.init(hugepages: megabytes, ordinary: megabytes) }

  /// Megabytes of everything.
  var inHugepages: Int { Self.sum(hugepages, tableMegabytes) }
  var inOrdinary: Int { Self.sum(ordinary, tableMegabytes) }

  private var tableMegabytes: Int { tables >> 20 + (tables & 0xf_ffff == 0 ? 0 : 1) }

  public static func + (left: MemoryNeed, right: MemoryNeed) -> MemoryNeed {
    MemoryNeed(
      hugepages: sum(left.hugepages, right.hugepages), ordinary: sum(left.ordinary, right.ordinary),
      tables: sum(left.tables, right.tables))
  }

  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  func check() throws(DPDKError) {
    for megabytes in [hugepages, ordinary, inHugepages, inOrdinary]
    where !(1...(1 << 24)).contains(megabytes) {
      throw DPDKError(
        operation: "use \(megabytes) MB of memory", cause: "it is not between 1 MB and 16 TB",
        advice: savings)
    }
  }

  /// What a user can do who has no room for one of the pools.
  var advice: String {
    let megabytes = EAL.hasHugepages ? hugepages : ordinary
    let saved = ordinary - hugepages
    let pages =
      EAL.hasHugepages || saved <= 0 ? "" : "; in hugepages the pool would take \(hugepages) MB"
    return "the pool takes about \(megabytes) MB: " + Self.saving + pages
  }

  /// Tables of less are not what is too much.
  private var hasLargeTables: Bool { tables >= 1 << 20 }

  /// What to do about too much of everything.
  var savings: String {
    hasLargeTables ? Self.saving + ", or a lower `capacity:` of tables" : Self.saving
  }

  /// What the tables' part is, for people.
  var tableWords: String { hasLargeTables ? "; tables alone take \(tables) bytes" : "" }

  /// The settings of a pipeline file that decide how much memory is used.
  static let saving = "set a lower `packets:`, or fewer `queues:` and descriptors of ports"
}
