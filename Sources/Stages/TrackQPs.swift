// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Tables
import Wire

/// Finds the queue pair of each RoCE packet in a table, and counts its packets and bytes.
public struct TrackQPs: Stage, ~Copyable {
  public static var name: String { "track-qps" }
  public static var summary: String {
    "Keeps a table of the queue pairs that RoCE packets go to, with counters, and pairs directions."
  }
  public static var settings: [any SettingDeclaration] { FlowTable.settings }
  public static var shorthand: String? { FlowTable.capacitySetting.name }
  public static var example: String {
    """
    - track-qps
    - track-qps: {capacity: 1000000, idle: 60s, when-full: pass}
    """
  }

  private var table: QueuePairTable
  /// Packets that have a base transport header and no addresses.
  private var withoutAddresses: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    table = QueuePairTable(try FlowTable.make(settings, context, pairs: true))
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    var rest = selection
    var continues = false
    repeat {
      var endsWithMessage = false
      let count = readKeys(burst, &rest, &endsWithMessage)
      var watched = Selection(bits: table.find(count, continues: continues))
      if endsWithMessage { watched.insert(count &- 1) }
      for number in 0..<count {
        let lookup = table.flows.lookups + number
        burst.setQueuePair(Int(lookup.pointee.index), lookup.pointee.entry)
      }
      for number in watched {
        let index = Int(table.flows.lookups[number].index)
        table.watch(number, burst.headers(index), burst.bytes(index))
      }
      continues = true
    } while !rest.isEmpty
    burst.queuePairDirectory = table.flows.directory
  }

  /// Takes packets up to a message of the communication manager, which may change what the packets
  /// behind it belong to.
  @inline(__always)
  private mutating func readKeys(
    _ burst: borrowing Burst, _ rest: inout Selection, _ endsWithMessage: inout Bool
  ) -> Int {
    var count = 0
    for index in rest {
      let headers = burst.headers(index)
      guard headers.pointee.layers.rawValue & Layers.bth.rawValue != 0 else { continue }
      let lookup = table.flows.lookups + count
      guard lookup.pointee.readQueuePair(headers, burst.bytes(index), table.flows.hash) else {
        withoutAddresses &+= 1
        continue
      }
      lookup.pointee.nanoseconds = burst.nanoseconds(index)
      lookup.pointee.length = burst.wireLength(index)
      lookup.pointee.index = UInt8(truncatingIfNeeded: index)
      table.flows.prepare(count)
      count &+= 1
      if headers.pointee.layers.rawValue & Layers.cm.rawValue != 0 {
        rest = rest.subtracting(Selection(first: index &+ 1))
        endsWithMessage = true
        return count
      }
    }
    rest = Selection()
    return count
  }

  public func figures() -> [StageFigure] {
    let pairs = table.counts
    let figures = [
      StageFigure("paired by connection manager", pairs.byConnection),
      StageFigure("paired by sequence numbers", pairs.bySequence),
      StageFigure("unpaired: contradicted", pairs.contradicted),
    ]
    return table.flows.figures(
      missing: StageFigure("not tracked: no addresses", withoutAddresses))
      + figures.filter { $0.value > 0 }
  }
}
