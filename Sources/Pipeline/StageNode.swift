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
  /// Another place in the pipelines for the same stage.
  func twin(when condition: consuming Predicate?, at place: StageType.Place) -> Node {
    Node(number: place.number, counters: place.counters)
  }
  /// Whether the stage may keep packets.
  var holds: Bool { false }
  var nextRelease: UInt64 { .max }
  func release(_ burst: inout Burst, until now: UInt64) {}
  func addUp() {}
  func figures() -> [StageFigure] { [] }
  func problem() -> String? { nil }
  func notes() -> [String] { [] }
  func finish() {}
}

class StageNode<S: Stage & ~Copyable>: Node {
  fileprivate let stage: UnsafeMutablePointer<S>
  /// The node that has the stage, where this one is only another place for it.
  private let owner: StageNode?
  /// The stage's `when:`, if it has one.
  private let condition: UnsafeMutablePointer<Predicate>?

  init(_ stage: consuming S, when condition: consuming Predicate?, at place: StageType.Place) {
    self.stage = .allocate(capacity: 1)
    self.stage.initialize(to: stage)
    owner = nil
    self.condition = Self.place(condition)
    super.init(number: place.number, counters: place.counters)
  }

  private init(of owner: StageNode, _ condition: consuming Predicate?, _ place: StageType.Place) {
    stage = owner.stage
    self.owner = owner
    self.condition = Self.place(condition)
    super.init(number: place.number, counters: place.counters)
  }

  private static func place(
    _ condition: consuming Predicate?
  ) -> UnsafeMutablePointer<Predicate>? {
    guard let predicate = condition.take() else { return nil }
    let place = UnsafeMutablePointer<Predicate>.allocate(capacity: 1)
    place.initialize(to: predicate)
    return place
  }

  deinit {
    if owner == nil { stage.deinitialize(count: 1).deallocate() }
    condition?.deinitialize(count: 1).deallocate()
  }

  override func twin(
    when condition: consuming Predicate?, at place: StageType.Place
  ) -> Node {
    StageNode(of: self, condition, place)
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

  // A stage in several places speaks once.
  override func addUp() { if owner == nil { stage.pointee.addUp() } }
  override func figures() -> [StageFigure] { owner == nil ? stage.pointee.figures() : [] }
  override func problem() -> String? { owner == nil ? stage.pointee.problem() : nil }
  override func notes() -> [String] { owner == nil ? stage.pointee.notes() : [] }
  override func finish() { if owner == nil { stage.pointee.finish() } }
}

/// A node of a stage that keeps packets.
final class HoldingNode<S: HoldingStage & ~Copyable>: StageNode<S> {
  override var holds: Bool { true }
  override var nextRelease: UInt64 { stage.pointee.nextRelease }

  override func release(_ burst: inout Burst, until now: UInt64) {
    let droppedBefore = burst.droppedCount
    burst.stage = number
    stage.pointee.release(&burst, until: now)
    counters.pointee.dropped &+= burst.droppedCount &- droppedBefore
    guard burst.isTimed else { return }
    let cycles = cdpdk_cycles()
    counters.pointee.timedCycles &+= cycles &- burst.lastCycles
    burst.lastCycles = cycles
  }
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

  /// - Parameter place: the first stage that sees the burst.
  func run(_ burst: inout Burst, from place: Int = 0) {
    for place in place..<order.count {
      order[place]._withUnsafeGuaranteedRef { $0.run(&burst) }
      if burst.live.isEmpty { break }
    }
  }
}
