// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// What DPDK refused: the operation, what it was done to, DPDK's own words, and what to do.
public struct DPDKError: Error, CustomStringConvertible {
  /// What was tried, such as `start port wire`.
  public let operation: String
  /// What DPDK said: the text of its error number, and what it logged meanwhile.
  public let cause: String
  /// What the user can do about it.
  public let advice: String?

  public init(operation: String, cause: String, advice: String?) {
    self.operation = operation
    self.cause = cause
    self.advice = advice
  }

  /// An error number of DPDK's, or a better text for it, with what DPDK logged since the mark.
  init(
    _ operation: String, code: Int32, since mark: LogMark, advice: String? = nil,
    text: String? = nil
  ) {
    let text = text ?? String(cString: cdpdk_error_text(code))
    let complaints = mark.complaints()
    let said = complaints.isEmpty ? "" : "; DPDK says: " + complaints.joined(separator: "; ")
    self.init(operation: operation, cause: text + said, advice: advice)
  }

  public var description: String {
    "cannot \(operation): \(cause)" + (advice.map { "\n  fix: \($0)" } ?? "")
  }
}
