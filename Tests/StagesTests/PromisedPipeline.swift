// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Pipeline
import Settings
import Wire

@testable import Stages

/// A pipeline that packets which nobody thought of go through, and what may be expected of any: it
/// needs a pool and nothing else of DPDK, so that fuzzers can give it one that watches.
final class PromisedPipeline {
  let set: PipelineSet
  let reasons = DropReasons()
  /// What left by each port, in its order.
  let sent: [KeptPackets]
  private let dropped = KeptPackets(frees: false)
  private let pool: OpaquePointer
  private let room: UInt32
  private var burst: Burst

  static let ports = ["in", "out", "tap"]

  init(_ plans: [PipelinePlan], _ pool: OpaquePointer) throws(StageBuildError) {
    self.pool = pool
    room = cdpdk_pool_available(pool)
    sent = Self.ports.map { _ in KeptPackets(frees: true) }
    let ports = Self.ports.enumerated().map { ($1, PortIndex(UInt8($0))) }
    let pipelines = plans.enumerated().map { ($1.name, PipelineIndex(UInt8($0))) }
    let context = StageContext(
      mode: .replay, worker: 0, workers: 1, seed: 1, pool: pool, reasons: reasons,
      ports: Dictionary(uniqueKeysWithValues: ports),
      pipelines: Dictionary(uniqueKeysWithValues: pipelines))
    set = try PipelineSet(plans, context, outputs: sent, drops: dropped)
    burst = set.makeBurst()
  }

  /// A packet as it comes in.
  struct Arrival {
    let bytes: [UInt8]
    let wireLength: Int
  }

  /// The promise that is broken, or nil: no packet is lost or made, and every buffer comes back.
  func run(_ packets: [Arrival], link: LinkType) -> String? {
    for port in sent { port.packets = [] }
    dropped.packets = []
    Witness.sightings = []
    for (index, arrival) in packets.enumerated() {
      guard let packet = cdpdk_fill(pool, arrival.bytes, UInt32(arrival.bytes.count)) else {
        return "the pool is too small"
      }
      burst.place(packet, at: index, nanoseconds: 1000, wireLength: UInt32(arrival.wireLength))
    }
    burst.begin(placed: packets.count, from: PortIndex(0), link: link)
    set.run(&burst, from: PipelineIndex(0))
    let left = sent.reduce(dropped.packets.count) { $0 + $1.packets.count }
    if left != packets.count { return "\(packets.count) packets came and \(left) left" }
    let available = cdpdk_pool_available(pool)
    return available == room ? nil : "\(room - available) buffers did not come back"
  }

  /// How many packets were dropped for each reason.
  var drops: [String: UInt64] {
    let counts = zip(reasons.names, set.reasonCounters.values)
    return Dictionary(uniqueKeysWithValues: counts.filter { $0.1 > 0 })
  }
}

/// An output that keeps the bytes that it was given.
final class KeptPackets: Output {
  var packets: [[UInt8]] = []
  private let frees: Bool

  /// - Parameter frees: not where packets are only shown, as drops are.
  init(frees: Bool) { self.frees = frees }

  override func send(_ batch: OutputBatch) -> Int {
    for index in 0..<batch.count {
      let packet = batch.packets[index]
      var bytes = [UInt8](repeating: 0, count: Int(packet.pointee.packet_length))
      let count = UInt32(bytes.count)
      _ = bytes.withUnsafeMutableBytes { into in
        into.baseAddress.map { cdpdk_read(packet, 0, count, $0) }
      }
      packets.append(bytes)
    }
    if frees { cdpdk_free(batch.packets, UInt32(batch.count)) }
    return batch.count
  }
}

/// A stage that writes down what it sees of packets.
struct Witness: Stage, ~Copyable {
  static var name: String { "witness" }
  static var summary: String { "Writes down what it sees." }
  static var settings: [any SettingDeclaration] { [place] }
  static var example: String { "- witness: {place: 1}" }

  static let place: Setting<Int> = .integer(
    "place", in: 0...9, default: 0, "Which of several it is")

  struct Sighting {
    let place: Int
    let index: Int
    let rule: UInt32
    let trafficClass: TrafficClass
    let icrc: ICRCVerdict
    /// Whether the headers that are known of the packet are those that a parser finds in it.
    let isParsed: Bool
    let headers: Headers
  }

  /// Of one run; it is for the tests' one thread.
  nonisolated(unsafe) static var sightings: [Sighting] = []

  private let number: Int

  init(_ settings: SettingValues, _ context: StageContext) { number = settings[Self.place] }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let headers = burst.headers(index).pointee
      let packet = burst.packet(index)
      // What is said of headers that are not there means nothing, and stays as it is.
      var parsed = headers
      parse(
        packet.bytes, captured: Int(packet.pointee.data_length),
        wireLength: Int(burst.wireLength(index)), link: burst.link, by: burst.parserRules,
        into: &parsed)
      parsed.keepMarks(of: headers)
      // `decapsulate` leaves what is behind a frame when it lies in several buffers.
      if packet.pointee.next != nil { parsed.end = headers.end }
      let isParsed = withUnsafeBytes(of: headers) { mine in
        withUnsafeBytes(of: parsed) { mine.elementsEqual($0) }
      }
      let hasICRC = headers.layers.contains(.bth)
      Self.sightings.append(
        Sighting(
          place: number, index: index, rule: burst.rule(index),
          trafficClass: headers.trafficClass,
          icrc: hasICRC ? ICRC.verdict(in: burst, at: index) : .unchecked, isParsed: isParsed,
          headers: headers))
    }
  }

  static let type = StageType(Witness.self)
}

extension StagePlan {
  /// A stage with settings as a file would have them.
  static func plan(
    _ type: StageType, _ settings: KeyValuePairs<String, String> = [:]
  ) throws(SettingsError) -> StagePlan {
    StagePlan(
      label: type.description.name, type: type,
      settings: try SettingValues(type.description.settings, settings), condition: nil)
  }
}
