// SPDX-License-Identifier: BSD-3-Clause
public import Tables
import Wire

/// What stages have found of packets and put down for later stages. An entry stays where it is
/// until the burst is over: tables give nothing up within one.
extension Burst {
  /// The headers of these packets were found anew.
  public mutating func noteLayers(of selection: Selection) {
    guard selection == received else {
      for index in selection { sharedLayers.formIntersection(records[index].layers) }
      return
    }
    var shared = ~UInt64(0)
    for index in 0..<selection.count { shared &= records[index].layers.rawValue }
    sharedLayers = Layers(rawValue: shared)
  }

  /// Stands for none.
  @inlinable public static var noRule: UInt32 { .max }

  /// The number of the rule that the packet matched, by the last `classify` that has seen it.
  @inlinable public func rule(_ index: Int) -> UInt32 { rules[index] }

  @inlinable public mutating func setRule(_ index: Int, _ rule: UInt32) {
    rules[index] = rule
    hasRules = true
  }

  /// The packet's flow, where `track-flows` has found it.
  @inlinable public func flow(_ index: Int) -> UnsafeMutablePointer<FlowEntry>? { flows[index] }

  @inlinable public mutating func setFlow(
    _ index: Int, _ entry: UnsafeMutablePointer<FlowEntry>?
  ) {
    flows[index] = entry
    hasFlows = true
  }

  /// The packet's queue pair, where `track-qps` has found it.
  @inlinable public func queuePair(_ index: Int) -> UnsafeMutablePointer<FlowEntry>? {
    queuePairs[index]
  }

  @inlinable public mutating func setQueuePair(
    _ index: Int, _ entry: UnsafeMutablePointer<FlowEntry>?
  ) {
    queuePairs[index] = entry
    hasFlows = true
  }

  /// The queue pair of the opposite direction, where it is known.
  @inlinable public func peer(of index: Int) -> UnsafeMutablePointer<FlowEntry>? {
    queuePairs[index].flatMap { queuePairDirectory.peer(of: $0) }
  }
}
