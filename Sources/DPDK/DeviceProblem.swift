// SPDX-License-Identifier: BSD-3-Clause

/// What is wrong with a device string, and where.
public struct DeviceProblem: Error, Equatable, CustomStringConvertible {
  public let message: String
  /// The place in the device string, in UTF-8 bytes.
  public let offset: Int
  public let length: Int
  public let fix: String?

  init(message: String, at place: (offset: Int, length: Int), fix: String?) {
    self.message = message
    offset = place.offset
    length = place.length
    self.fix = fix
  }

  public var description: String { message + (fix.map { "; \($0)" } ?? "") }
}
