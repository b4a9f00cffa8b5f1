// SPDX-License-Identifier: BSD-3-Clause

/// Sluice's command line.
public enum Sluice {
  /// Runs the command that the process's arguments name, and ends the process.
  public static func main() {}
}
