// SPDX-License-Identifier: BSD-3-Clause

/// Why a table cannot hold some rules. Whoever wants to match them all the same goes through them
/// one by one.
public struct TableError: Error, Hashable, CustomStringConvertible {
  public let message: String

  init(_ message: String) { self.message = message }

  public var description: String { message }
}
