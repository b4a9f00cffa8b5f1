// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Wire

/// A stage in its place in a pipeline. This file alone decides how a stage is held and called:
/// behind a plain pointer, so that a burst costs no reference counting or exclusivity check.
public class Node {
  /// The stage's number among all stages of the worker.
  let number: UInt16
  let counters: UnsafeMutablePointer<StageCounters>

  init(number: UInt16, counters: UnsafeMutablePointer<StageCounters>) {
    self.number = number
    self.counters = counters
  }

  func run(_ burst: inout Burst) {}
  func figures() -> [StageFigure] { [] }
  func problem() -> String? { nil }
  func notes() -> [String] { [] }
  func finish() {}
}

final class StageNode<S: Stage & ~Copyable>: Node {
  private let stage: UnsafeMutablePointer<S>
  /// The stage's `when:`, if it has one.
  private let condition: UnsafeMutablePointer<Predicate>?

  init(
    _ stage: consuming S, when condition: consuming Predicate?, number: UInt16,
    counters: UnsafeMutablePointer<StageCounters>
  ) {
    self.stage = .allocate(capacity: 1)
    self.stage.initialize(to: stage)
    if let predicate = condition.take() {
      let place = UnsafeMutablePointer<Predicate>.allocate(capacity: 1)
      place.initialize(to: predicate)
      self.condition = place
    } else {
      self.condition = nil
    }
    super.init(number: number, counters: counters)
  }

  deinit {
    stage.deinitialize(count: 1).deallocate()
    condition?.deinitialize(count: 1).deallocate()
  }

  override func run(_ burst: inout Burst) {
    var selection = burst.live
    if let condition {
      selection = Selection(bits: condition.pointee.evaluate(selection.bits, burst))
    }
    let droppedBefore = burst.droppedCount
    if !selection.isEmpty {
      burst.stage = number
      stage.pointee.process(&burst, selection)
    }
    let count = UInt64(truncatingIfNeeded: selection.count)
    counters.pointee.packets &+= count
    counters.pointee.dropped &+= burst.droppedCount &- droppedBefore
    counters.pointee.bursts &+= count == 0 ? 0 : 1
    guard burst.isTimed else { return }
    let now = cdpdk_cycles()
    counters.pointee.timedCycles &+= now &- burst.lastCycles
    counters.pointee.timedPackets &+= count
    burst.lastCycles = now
  }

  override func figures() -> [StageFigure] { stage.pointee.figures() }
  override func problem() -> String? { stage.pointee.problem() }
  override func notes() -> [String] { stage.pointee.notes() }
  override func finish() { stage.pointee.finish() }
}

/// The stages of one pipeline on one worker, in the order of the file.
struct StageList: ~Copyable {
  private let owned: [Node]
  private let order: UnsafeMutableBufferPointer<Unmanaged<Node>>
  /// The number of the last stage, which is to blame when packets come to the end.
  let lastNumber: UInt16

  init(_ nodes: [Node]) {
    owned = nodes
    lastNumber = nodes.last?.number ?? 0
    order = .allocate(capacity: nodes.count)
    for (index, node) in nodes.enumerated() {
      order.initializeElement(at: index, to: .passUnretained(node))
    }
  }

  deinit { order.deallocate() }

  func run(_ burst: inout Burst) {
    for node in order {
      node._withUnsafeGuaranteedRef { $0.run(&burst) }
      if burst.live.isEmpty { break }
    }
  }
}
