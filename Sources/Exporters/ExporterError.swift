// SPDX-License-Identifier: BSD-3-Clause

/// An exporter could not be started: what it is called and where it would export to, and why not.
public struct ExporterError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
