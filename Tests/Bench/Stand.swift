// SPDX-License-Identifier: BSD-3-Clause
import CAllocations
import CDPDK
public import DPDK
public import Pipeline
import Testing
public import Wire

/// Pipelines on one worker, with packets put in by hand and everything that leaves kept.
public final class Stand {
  public let pool: PacketPool
  public let set: PipelineSet
  public let reasons: DropReasons
  /// What the stages were built with.
  public let context: StageContext
  public let drops = RecordingOutput(freesPackets: false)
  private let outputs: [String: RecordingOutput]
  private var burst: Burst
  private let packetCount: Int
  /// How often memory was asked for while bursts went through the pipelines.
  public private(set) var allocations: UInt64 = 0

  /// The ports of a stand that is not told otherwise; packets come in by the first.
  public static let ports = ["in", "out", "tap"]

  public init(
    _ plans: [PipelinePlan], mode: StageContext.Mode = .replay, seed: UInt64 = 1,
    packets: Int = 511, dataRoom: Int = PacketPool.dataRoom(forMTU: 1500),
    ports: [String] = Stand.ports, worker: Int = 0, reasons: DropReasons = DropReasons()
  ) throws {
    _ = try Environment.eal
    packetCount = packets
    pool = try PacketPool(name: "stand", packets: packets, dataRoom: dataRoom)
    self.reasons = reasons
    context = StageContext(
      mode: mode, worker: worker, workers: worker + 1, seed: seed, pool: pool.handle,
      reasons: reasons, ports: Self.numbered(ports).mapValues { PortIndex($0) },
      pipelines: Self.numbered(plans.map(\.name)).mapValues { PipelineIndex($0) })
    let outputs = ports.map { _ in RecordingOutput() }
    self.outputs = Dictionary(uniqueKeysWithValues: zip(ports, outputs))
    set = try PipelineSet(plans, context, outputs: outputs, drops: drops)
    burst = set.makeBurst()
    burst.recordsSenders = true
  }

  private static func numbered(_ names: [String]) -> [String: UInt8] {
    Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt8($0)) })
  }

  public convenience init(_ stages: StagePlan..., mode: StageContext.Mode = .replay) throws {
    try self.init([PipelinePlan(name: "main", stages: stages)], mode: mode)
  }

  public func output(_ port: String) -> RecordingOutput {
    guard let output = outputs[port] else { preconditionFailure("no port '\(port)'") }
    return output
  }

  /// What has left through `port`.
  public func sent(_ port: String = "out") -> [Departure] { output(port).departures }

  /// What was dropped, by the reasons' names.
  public var dropped: [String] {
    drops.departures.map { reasons.names[Int($0.reason.index)] }
  }

  /// Runs one burst of these packets, which came 1 us apart from `nanoseconds` on.
  public func run(
    _ packets: [[UInt8]], link: LinkType = .ethernet, entry: UInt8 = 0, from port: UInt8 = 0,
    nanoseconds: UInt64 = 1_000_000, wireLength: Int? = nil
  ) throws {
    for (index, bytes) in packets.enumerated() {
      let packet = try #require(cdpdk_fill(pool.handle, bytes, UInt32(bytes.count)))
      burst.place(
        packet, at: index, nanoseconds: nanoseconds + UInt64(index) * 1000,
        wireLength: UInt32(wireLength ?? bytes.count))
    }
    run(placed: packets.count, link: link, entry: entry, from: port)
  }

  /// Runs one burst of packets made elsewhere.
  public func run(packets: [Packet]) {
    for (index, packet) in packets.enumerated() {
      burst.place(
        packet, at: index, nanoseconds: 0, wireLength: packet.pointee.packet_length)
    }
    run(placed: packets.count, link: .ethernet, entry: 0, from: 0)
  }

  private func run(placed count: Int, link: LinkType, entry: UInt8, from port: UInt8) {
    burst.begin(placed: count, from: PortIndex(port), link: link)
    let before = allocations_of_this_thread()
    set.run(&burst, from: PipelineIndex(entry))
    allocations += allocations_of_this_thread() - before
  }

  /// Lets stages go on with what is due, one instant after the other, as a replay does.
  public func release(until end: UInt64) {
    let before = allocations_of_this_thread()
    while set.nextRelease <= end { set.release(&burst, until: set.nextRelease) }
    allocations += allocations_of_this_thread() - before
  }

  /// The counters of the stage in that place, over all pipelines.
  public func counters(_ number: Int) -> StageCounters { set.stageCounters.values[number] }

  /// What the stage in that place reports by that name.
  public func figure(_ name: String, of number: Int = 0) -> UInt64? {
    set.addUp()
    return set.figures(of: number).first { $0.name == name }?.value
  }

  /// Received + made = sent + dropped, nothing is kept, and every buffer came back.
  public func checkBalance(_ comment: Comment? = nil) {
    let ports = set.portCounters.values
    let received = ports.reduce(0) { $0 + $1.receivedPackets }
    let sent = ports.reduce(0) { $0 + $1.sentPackets }
    let dropped = set.reasonCounters.values.reduce(0, +)
    #expect(received + set.madeCounter.pointer.pointee == sent + dropped, comment)
    #expect(set.heldCounter.pointer.pointee == 0, comment)
    #expect(pool.isComplete, "\(pool.available) of \(packetCount) buffers came back")
  }
}
