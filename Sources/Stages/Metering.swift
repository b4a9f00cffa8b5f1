// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings
import Tables
import Wire

/// What `meter` and `police` have in common: which packets share buckets, what a packet counts for,
/// and the buckets themselves.
struct Metering: ~Copyable {
  /// Which packets share buckets.
  enum Grouping: String, CaseIterable, Sendable {
    case all, rule, `class`, flow
    case queuePair = "queue-pair"

    var isOfFlows: Bool { self == .flow || self == .queuePair }
  }

  static let per: Setting<Grouping> = .choice(
    "per", default: .all,
    "Which packets share buckets: all, or those of a rule, a class, a flow or a queue pair; each"
      + " worker has buckets of its own. Flows are those of one `track-flows`, queue pairs those of"
      + " one `track-qps`: the table that the first packet was found in")
  static let capacity: Setting<Int> = .integer(
    "capacity", in: 1...16_777_216, default: 65536,
    "How many rules, or entries of a table of flows or queue pairs, have buckets; packets of others"
      + " are not metered")
  static let count: Setting<PacketMeasure> = .choice(
    "count", default: .ip,
    "Count the bytes of IP packets, as the RFCs do; of frames without their check sequence; or all"
      + " that a frame takes of an Ethernet wire, 24 bytes more")

  static var settings: [any SettingDeclaration] { [per, capacity, count] }

  let meter: Meter
  private let grouping: Grouping
  private let measure: PacketMeasure
  private let countsPackets: Bool
  /// By the number of the rule, of the class, or of the entry in its table.
  private let streams: TableMemory<MeteredStream>
  /// How many rules or entries have buckets.
  private let capacity: Int
  /// The table whose entries have buckets: numbers of another one's are not theirs.
  private var table = FlowDirectory()
  private(set) var unmetered: UInt64 = 0

  init(
    _ meter: Meter, _ settings: SettingValues, _ context: StageContext, packets: Bool = false
  ) throws(SettingsError) {
    self.meter = meter
    grouping = settings[Self.per]
    measure = settings[Self.count]
    countsPackets = packets
    capacity = settings[Self.capacity]
    let count =
      switch grouping {
      case .all: 1
      case .class: TrafficClass.capacity
      case .rule, .flow, .queuePair: capacity
      }
    streams = try Self.streams(count, meter, settings, context)
    context.warnOfWorkers(
      settings,
      "has buckets of its own, so that what passes can be \(context.workers) times the rate",
      fix: "use one worker, or a rate that is as much smaller")
  }

  /// Full buckets for so many; a few when the file is only being checked.
  private static func streams(
    _ count: Int, _ meter: Meter, _ settings: SettingValues, _ context: StageContext
  ) throws(SettingsError) -> TableMemory<MeteredStream> {
    let bytes = count * MemoryLayout<MeteredStream>.stride
    context.tableMemory.add(bytes)
    let held = context.mode == .check ? 1 : count
    do throws(TableError) {
      let streams = try TableMemory<MeteredStream>(count: held)
      streams.start.update(repeating: MeteredStream(buckets: meter.full), count: held)
      return streams
    } catch {
      throw settings.error(
        capacity, "this machine has no \(bytes) bytes for the buckets", fix: "set a lower capacity")
    }
  }

  /// The color of the packet, which takes its tokens, and the bytes that it was counted for; nil
  /// when it belongs to nothing that is metered.
  @inline(__always)
  mutating func meterPacket(
    _ index: Int, of burst: borrowing Burst, after color: MeterColor = .green
  ) -> (color: MeterColor, bytes: UInt64)? {
    guard let place = meterIndex(of: index, in: burst) else {
      unmetered &+= 1
      return nil
    }
    let bytes = UInt64(measure.bytes(of: index, in: burst))
    let found = meter.color(
      countsPackets ? 1 : bytes, at: burst.nanoseconds(index), after: color,
      &streams.start[place].buckets)
    return (found, bytes)
  }

  @inline(__always)
  private mutating func meterIndex(of index: Int, in burst: borrowing Burst) -> Int? {
    switch grouping {
    case .all: return 0
    case .rule:
      let rule = burst.rule(index)
      return rule < UInt32(capacity) ? Int(rule) : nil
    case .class:
      let number = burst.headers(index).pointee.trafficClass.number
      return number > 0 ? Int(number) : nil
    case .flow: return meterIndex(of: burst.flow(index), in: burst.flowDirectory)
    case .queuePair: return meterIndex(of: burst.queuePair(index), in: burst.queuePairDirectory)
    }
  }

  /// The buckets of a flow or queue pair, which are full again when its entry was given to another.
  @inline(__always)
  private mutating func meterIndex(
    of entry: UnsafeMutablePointer<FlowEntry>?, in directory: FlowDirectory
  ) -> Int? {
    guard let entry, let number = directory.number(of: entry), number < capacity else { return nil }
    if !table.sharesTable(with: directory) {
      guard table.isEmpty else { return nil }
      table = directory
    }
    let stream = streams.start + number
    let epoch = directory.epoch(of: entry)
    if stream.pointee.epoch != epoch {
      stream.pointee = MeteredStream(buckets: meter.full, epoch: epoch)
    }
    return number
  }

  var figures: [StageFigure] {
    guard unmetered > 0 else { return [] }
    let missing =
      switch grouping {
      case .all: "stream"
      case .rule: "rule"
      case .class: "class"
      case .flow: "flow"
      case .queuePair: "queue pair"
      }
    return [StageFigure("not metered: no \(missing), or more than the capacity", unmetered)]
  }
}
