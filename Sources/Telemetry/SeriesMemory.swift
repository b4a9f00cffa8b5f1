// SPDX-License-Identifier: BSD-3-Clause

/// What becomes of the traffic over time, in a fixed room: of all packets, and of the first queue
/// pairs that come.
///
/// One worker writes it; it is read when the run is over.
public final class SeriesMemory {
  let recorder: UnsafeMutablePointer<SeriesRecorder>

  /// - Parameters:
  ///   - queuePairs: so many, the first that come, have a series of their own.
  ///   - capacity: the queue pairs that the observer has places for.
  public init(queuePairs: Int, capacity: Int) {
    recorder = .allocate(capacity: 1)
    recorder.initialize(to: SeriesRecorder(queuePairs: queuePairs, capacity: capacity))
  }

  deinit {
    recorder.pointee.free()
    recorder.deallocate()
  }

  public static func byteCount(queuePairs: Int, capacity: Int) -> Int {
    SeriesRecorder.byteCount(queuePairs: queuePairs, capacity: capacity)
  }

  public var snapshot: SeriesSnapshot { recorder.pointee.snapshot }
}
