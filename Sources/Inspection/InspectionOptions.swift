// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Which packets of which captures are looked at, and how they are read.
public struct InspectionOptions: Sendable {
  /// Paths; "-" is standard input.
  public var files: [String]
  /// Packets that it does not hold for are read and not shown or counted.
  public var filter: Expression?
  /// The end, after so many packets that the filter lets through.
  public var packetLimit: Int?
  public var parser = ParserOptions()
  public var icrc = ICRCSampling.automatic

  public init(files: [String]) { self.files = files }
}

/// What an inspection asks of the program around it.
public struct InspectionHost {
  /// Whether a signal has asked for the end.
  public var isStopped: () -> Bool
  /// Told now and then how many packets were read.
  public var progress: (UInt64) -> Void
  /// Takes text; false when nobody reads it any more.
  public var write: ([UInt8]) -> Bool

  public init(
    isStopped: @escaping () -> Bool, progress: @escaping (UInt64) -> Void,
    write: @escaping ([UInt8]) -> Bool
  ) {
    self.isStopped = isStopped
    self.progress = progress
    self.write = write
  }
}
