// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Wire

/// Computes the invariant CRC of RoCE packets anew.
public struct FixICRC: Stage, ~Copyable {
  public static var name: String { "fix-icrc" }
  public static var summary: String {
    "Computes the invariant CRC of RoCE packets anew, and writes it where it was another."
  }
  public static var settings: [any SettingDeclaration] { [] }
  public static var example: String {
    """
    - fix-icrc
    - fix-icrc:
      when: roce.icrc == bad
    """
  }

  /// Right before, corrected, impossible.
  private let counts: UnsafeMutablePointer<UInt64>

  public init(_ settings: SettingValues, _ context: StageContext) {
    counts = .allocate(capacity: 3)
    counts.initialize(repeating: 0, count: 3)
  }

  deinit { counts.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection
    where burst.headers(index).pointee.layers.rawValue & Layers.bth.rawValue != 0 {
      switch ICRC.correct(in: burst, at: index) {
      case .needless:
        counts[0] &+= 1
        burst.mutableHeaders(index).pointee.icrc = .good
      case .corrected:
        counts[1] &+= 1
        burst.mutableHeaders(index).pointee.icrc = .good
      case .impossible: counts[2] &+= 1
      }
    }
  }

  public func figures() -> [StageFigure] {
    [StageFigure("corrected", counts[1]), StageFigure("right before", counts[0])]
      + (counts[2] > 0 ? [StageFigure("not computable", counts[2])] : [])
  }
}
