// SPDX-License-Identifier: BSD-3-Clause
import Pipeline

/// What may become of a packet in a stage, numbered from 0; reports name it.
protocol StageOutcome: CaseIterable, RawRepresentable<Int>, BitwiseCopyable {
  var text: String { get }
}

/// How often each outcome came about.
struct OutcomeCounts<Outcome: StageOutcome>: ~Copyable {
  private let counts: UnsafeMutablePointer<UInt64>

  init() {
    counts = .allocate(capacity: Outcome.allCases.count)
    counts.initialize(repeating: 0, count: Outcome.allCases.count)
  }

  deinit { counts.deallocate() }

  @inline(__always)
  func add(_ outcome: Outcome) { counts[outcome.rawValue] &+= 1 }

  /// The first one always, others when they came about.
  var figures: [StageFigure] {
    Outcome.allCases.compactMap { outcome in
      let count = counts[outcome.rawValue]
      return count > 0 || outcome.rawValue == 0 ? StageFigure(outcome.text, count) : nil
    }
  }
}
