// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// Some of a queue pair's sequence numbers with their times: of those in order and of the others
/// equally many at most. When there is no more room, every other one is given up, and from then on
/// only one of so many more is taken.
struct SequenceRecorder {
  var owner: UInt32 = 0
  var key = FlowKey()
  private var inOrder = Share()
  private var troubled = Share()

  static var capacity: Int { 768 }
  static var byteCount: Int { 2 * capacity * MemoryLayout<SequencePoint.Stored>.stride }

  func free() {
    inOrder.points.deallocate()
    troubled.points.deallocate()
  }

  @inline(__always)
  mutating func add(_ point: SequencePoint.Stored) {
    if point.kind == 0 { inOrder.add(point) } else { troubled.add(point) }
  }

  /// In the order of time.
  var points: [SequencePoint] {
    (inOrder.all + troubled.all).sorted { $0.time < $1.time }
  }

  private struct Share {
    let points: UnsafeMutablePointer<SequencePoint.Stored>
    private var count = 0
    private var stride = 1
    /// Those to come that are not taken.
    private var skipped = 0

    init() {
      points = .allocate(capacity: SequenceRecorder.capacity)
      points.initialize(
        repeating: SequencePoint.Stored(time: 0, sequence: 0, kind: 0),
        count: SequenceRecorder.capacity)
    }

    @inline(__always)
    mutating func add(_ point: SequencePoint.Stored) {
      guard skipped == 0 else {
        skipped &-= 1
        return
      }
      take(point)
    }

    @inline(never)
    private mutating func take(_ point: SequencePoint.Stored) {
      if count == SequenceRecorder.capacity {
        for place in 0..<count / 2 { points[place] = points[2 * place] }
        count /= 2
        stride *= 2
      }
      points[count] = point
      count += 1
      skipped = stride - 1
    }

    var all: [SequencePoint] { (0..<count).compactMap { SequencePoint(points[$0]) } }
  }
}
