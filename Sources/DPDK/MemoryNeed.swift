// SPDX-License-Identifier: BSD-3-Clause

/// Megabytes that packet buffers take, which depend on where they lie.
public struct MemoryNeed: Sendable, Equatable {
  public var hugepages: Int
  public var ordinary: Int

  public init(hugepages: Int, ordinary: Int) {
    self.hugepages = hugepages
    self.ordinary = ordinary
  }

  /// The same in both.
  public init(megabytes: Int) { self.init(hugepages: megabytes, ordinary: megabytes) }

  public static func + (left: MemoryNeed, right: MemoryNeed) -> MemoryNeed {
    func sum(_ left: Int, _ right: Int) -> Int {
      let (sum, overflow) = left.addingReportingOverflow(right)
      return overflow ? .max : sum
    }
    return MemoryNeed(
      hugepages: sum(left.hugepages, right.hugepages), ordinary: sum(left.ordinary, right.ordinary))
  }

  func check() throws(DPDKError) {
    for megabytes in [hugepages, ordinary] where !(1...(1 << 24)).contains(megabytes) {
      throw DPDKError(
        operation: "use \(megabytes) MB of memory", cause: "it is not between 1 MB and 16 TB",
        advice: Self.saving)
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

  /// The settings of a pipeline file that decide how much memory is used.
  static let saving = "set a lower `packets:`, or fewer `queues:` and descriptors of ports"
}
