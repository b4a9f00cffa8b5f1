// SPDX-License-Identifier: BSD-3-Clause

/// A condition over packet fields.
public struct Expression: Sendable {
  /// The text that it was read from.
  public let text: String
}
