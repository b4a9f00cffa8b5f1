// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline

/// What the tables of one worker's stages take. Stages say so when they are built, be it only for a
/// check: so a run knows what memory it needs before it begins.
public final class TableMemoryNeed {
  /// Bytes.
  public private(set) var total = 0
  /// Whether somebody asks. Tables whose size only building them tells are built then.
  public var isAskedFor = false

  public init() {}

  func add(_ bytes: Int) {
    let (sum, isTooMuch) = total.addingReportingOverflow(bytes)
    total = isTooMuch ? .max : sum
  }
}

extension StageContext {
  public var tableMemory: TableMemoryNeed { common("of tables") { TableMemoryNeed() } }
}
