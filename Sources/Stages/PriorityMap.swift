// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Wire

/// Which priority packets get, by what they carry.
struct PriorityMap {
  /// What packets carry: a DSCP, a PCP, or nothing to go by.
  enum Key {
    static var pcp: Int { 64 }
    static var nothing: Int { 72 }
    static var count: Int { 73 }

    static func name(of key: Int) -> String {
      key < pcp ? "dscp \(key)" : key < nothing ? "pcp \(key - pcp)" : "neither dscp nor pcp"
    }
  }

  /// Maps that are known by a name.
  enum Name: String, CaseIterable, Sendable {
    case roce = "roce-dscp26"
    case azure = "sonic-azure"
  }

  /// By key.
  private(set) var priorities = [UInt8](repeating: 0, count: Key.count)
  private(set) var classes = [TrafficClass](repeating: .none, count: Key.count)
  /// The priorities that PFC keeps from losing packets, one bit for each.
  private(set) var lossless: UInt8 = 0

  init(_ name: Name?, default priority: Int, lossless: [Int]?) {
    let priority = UInt8(truncatingIfNeeded: priority)
    priorities = priorities.map { _ in priority }
    switch name {
    case .roce: takeRoCE()
    case .azure: takeAzure()
    case nil: break
    }
    if let lossless { self.lossless = lossless.reduce(0) { $0 | 1 << UInt8($1) } }
  }

  /// What NVIDIA's adapters do when they are told to trust the DSCP: its upper three bits are the
  /// priority. RoCE data has 26 by convention and so priority 3, and its CNPs 48 and so 6.
  private mutating func takeRoCE() {
    for dscp in 0..<64 { priorities[dscp] = UInt8(dscp >> 3) }
    for pcp in 0..<8 { priorities[Key.pcp + pcp] = UInt8(pcp) }
    lossless = 1 << 3
  }

  /// SONiC's map AZURE (sonic-buildimage, files/build_templates/qos_config.j2): DSCP_TO_TC_MAP,
  /// DOT1P_TO_TC_MAP and the list of lossless classes.
  private mutating func takeAzure() {
    for dscp in 0..<64 { priorities[dscp] = 1 }
    for (dscp, priority) in [(3, 3), (4, 4), (5, 2), (8, 0), (46, 5), (48, 6)] {
      priorities[dscp] = UInt8(priority)
    }
    for pcp in 0..<8 { priorities[Key.pcp + pcp] = pcp < 2 ? UInt8(1 - pcp) : UInt8(pcp) }
    lossless = 1 << 3 | 1 << 4
  }

  /// Gives packets with that key a priority, a class, or both.
  mutating func assign(_ key: Int, priority: Int?, class name: TrafficClass?) {
    if let priority { priorities[key] = UInt8(truncatingIfNeeded: priority) }
    if let name { classes[key] = name }
  }

  func isLossless(_ priority: UInt8) -> Bool { lossless & 1 << priority != 0 }

  var losslessText: String {
    (UInt8(0)..<8).filter(isLossless).map { "\($0)" }.joined(separator: ", ")
  }

  /// A line for each priority that something has: `priority 3, lossless: dscp 24-31, pcp 3`.
  var explanation: [String] {
    (UInt8(0)..<8).compactMap { priority in
      let parts = [
        Self.ranges("dscp", keys(of: priority, 0..<Key.pcp)),
        Self.ranges("pcp", keys(of: priority, Key.pcp..<Key.nothing).map { $0 - Key.pcp }),
        priorities[Key.nothing] == priority ? "what has neither" : nil,
      ].compactMap { $0 }
      guard !parts.isEmpty else { return nil }
      let kind = isLossless(priority) ? ", lossless" : ""
      return "priority \(priority)\(kind): \(parts.joined(separator: ", "))"
    }
  }

  private func keys(of priority: UInt8, _ range: Range<Int>) -> [Int] {
    range.filter { priorities[$0] == priority }
  }

  private static func ranges(_ word: String, _ numbers: [Int]) -> String? {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    let texts = ranges.map {
      $0.count > 1 ? "\($0.lowerBound)-\($0.upperBound)" : "\($0.lowerBound)"
    }
    return texts.isEmpty ? nil : word + " " + texts.joined(separator: " ")
  }
}
