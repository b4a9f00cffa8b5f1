// SPDX-License-Identifier: BSD-3-Clause

/// What becomes of the measurements over time.
public final class SeriesMemory {
  public init() {}

  func add(_ packets: UnsafePointer<ObservedPacket>, _ count: Int) {}
}
