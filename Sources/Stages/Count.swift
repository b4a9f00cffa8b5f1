// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings

/// Counts packets and bytes under a name.
public struct Count: Stage, ~Copyable {
  public static var name: String { "count" }
  public static var summary: String {
    "Counts packets and their bytes on the wire under a name of your own."
  }
  public static var settings: [any SettingDeclaration] { [counter] }
  public static var shorthand: String? { counter.name }
  public static var headers: HeaderUse { .ignores }
  public static var example: String {
    """
    - count: ect
      when: ip.ecn in {ECT(0), ECT(1)}
    """
  }

  static let counter: Setting<String> = .identifier("name", "The name that reports show")

  private let name: String
  /// Packets, then bytes.
  private let counts: UnsafeMutablePointer<UInt64>

  public init(_ settings: SettingValues, _ context: StageContext) {
    name = settings[Self.counter]
    counts = .allocate(capacity: 2)
    counts.initialize(repeating: 0, count: 2)
  }

  deinit { counts.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    var bytes: UInt64 = 0
    for index in selection { bytes &+= UInt64(burst.wireLength(index)) }
    counts[0] &+= UInt64(truncatingIfNeeded: selection.count)
    counts[1] &+= bytes
  }

  public func figures() -> [StageFigure] {
    [StageFigure("\(name) packets", counts[0]), StageFigure("\(name) bytes", counts[1])]
  }
}
