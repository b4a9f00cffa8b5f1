// SPDX-License-Identifier: BSD-3-Clause

/// Something to tell the author of a pipeline file or a command line, at its place.
public struct Diagnostic: Sendable {
  public enum Severity: String, Sendable {
    case error, warning
  }

  /// A second place that belongs to the matter.
  public struct Note: Sendable {
    public var message: String
    public var location: SourceLocation

    public init(_ message: String, at location: SourceLocation) {
      self.message = message
      self.location = location
    }
  }

  public var severity: Severity
  public var location: SourceLocation
  public var message: String
  /// What to do about it.
  public var fix: String?
  public var note: Note?

  public init(
    _ severity: Severity, at location: SourceLocation, _ message: String, fix: String? = nil,
    note: Note? = nil
  ) {
    self.severity = severity
    self.location = location
    self.message = message
    self.fix = fix
    self.note = note
  }
}
