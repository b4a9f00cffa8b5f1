// SPDX-License-Identifier: BSD-3-Clause
import Synchronization

/// Tells the runs of a process apart.
final class RunCounter: Sendable {
  private let value = Atomic<Int>(0)

  func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}
