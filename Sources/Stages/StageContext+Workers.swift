// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings

extension StageContext {
  /// Warns, where a file asks for more than one worker, that each has of its own what the file
  /// writes once.
  ///
  /// - Parameter what: what each worker has or does, and what follows.
  func warnOfWorkers(_ settings: SettingValues, _ what: String, fix: String) {
    guard workers > 1, worker == 0, let place = settings.location else { return }
    warn(
      Diagnostic(.warning, at: place, "each of the \(workers) workers \(what)", fix: fix))
  }
}
