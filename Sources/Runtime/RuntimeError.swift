// SPDX-License-Identifier: BSD-3-Clause
public import Settings

/// Why a run could not be started or finished.
public enum RuntimeError: Error {
  /// The pipeline file or the options are at fault: exit status 2.
  case usage([Diagnostic])
  /// An option is at fault: exit status 2.
  case option(String)
  /// The machine, a port or a file is at fault: exit status 1.
  case failed(String)
}
