import Bench
// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Stages

/// Reports the rate that the last packet's queue pair has then by a `dcqcn-rp`.
struct ShownRate: Stage, ~Copyable {
  static var name: String { "shown-rate" }
  static var summary: String { "Shows a rate." }
  static var settings: [any SettingDeclaration] { [] }
  static var example: String { "- shown-rate" }

  private let board: RateBoard
  private var rate: UInt64?

  init(_ settings: SettingValues, _ context: StageContext) {
    board = context.common("rates of rp") { RateBoard() }
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      guard let entry = burst.queuePair(index),
        let number = burst.queuePairDirectory.number(of: entry)
      else { continue }
      rate = board.rate(of: number, at: burst.nanoseconds(index))
    }
  }

  func figures() -> [StageFigure] { rate.map { [StageFigure("rate", $0)] } ?? [] }

  static let registry = StageRegistry(StageRegistry.standard.types + [StageType(ShownRate.self)])
}
