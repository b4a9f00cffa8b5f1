// SPDX-License-Identifier: BSD-3-Clause
public import Tables
public import Wire

/// The packets of a burst, by their places in it: what an observer goes through.
public struct ObservedBurst: BitwiseCopyable {
  let headers: UnsafePointer<Headers>
  let starts: UnsafePointer<UnsafeMutableRawPointer>
  /// Of the packets' queue pairs, and the table that they are in.
  let entries: UnsafePointer<UnsafeMutablePointer<FlowEntry>?>
  let directory: FlowDirectory
  let times: UnsafePointer<UInt64>
  /// Bytes on the wire.
  let lengths: UnsafePointer<UInt32>

  @inline(__always)
  public init(
    headers: UnsafePointer<Headers>, starts: UnsafePointer<UnsafeMutableRawPointer>,
    entries: UnsafePointer<UnsafeMutablePointer<FlowEntry>?>, in directory: FlowDirectory,
    times: UnsafePointer<UInt64>, lengths: UnsafePointer<UInt32>
  ) {
    self.headers = headers
    self.starts = starts
    self.entries = entries
    self.directory = directory
    self.times = times
    self.lengths = lengths
  }
}
