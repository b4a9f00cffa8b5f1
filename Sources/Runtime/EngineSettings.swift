// SPDX-License-Identifier: BSD-3-Clause
public import Configuration
import DPDK
public import Pipeline
public import Settings

/// What the top level of a pipeline file can say about the engine.
public enum EngineSettings {
  static let workers: Setting<Int> = .integer(
    "workers", in: 1...64, default: 1,
    "How many cores run packets, each with stages and counters of its own")
  static let cores: Setting<[Int]?> = .list(
    "cores", of: .integer(in: 0...1023), "The cores to use, one for each worker")
  static let poll: Setting<Poll> = .choice(
    "poll", default: .adaptive,
    "Poll the ports without a pause, or back off to sleeping when they are idle")
  static let seed: Setting<Int> = .integer(
    "seed", in: 0...Int.max, default: 1, "The same seed gives the same random decisions")
  static let hugepages: Setting<Hugepages> = .choice(
    "hugepages", default: .automatic, "Whether packets lie in hugepages")
  static let packets: Setting<Int?> = .integer(
    "packets", in: 64...4_194_304,
    "How many packet buffers to reserve; by default what ports and pipelines need")

  static let simulation: Setting<SettingValues?> = .record(
    "simulation", SimulationSettings.all,
    "The world around the ports for `sluice simulate`: hosts and cables in virtual time")

  static let telemetry: Setting<SettingValues?> = .record(
    "telemetry", ExportSettings.all,
    "Where measurements go while the file runs; a replay writes files once, at its end")

  /// What can be said under `telemetry:`.
  public static var telemetrySettings: [any SettingDeclaration] { ExportSettings.all }

  /// How a worker waits for packets.
  public enum Poll: String, CaseIterable, Sendable {
    case busy, adaptive
  }

  /// Where packet buffers lie.
  public enum Hugepages: String, CaseIterable, Sendable {
    case automatic, never, required
  }

  public static var all: [any SettingDeclaration] {
    [workers, cores, poll, seed, hugepages, packets, simulation, telemetry]
  }
}

/// What a port of a pipeline file can be told beside its device.
public enum PortSettings {
  static let queues: Setting<Int> = .integer(
    "queues", in: 1...64, default: 1, "Receive queues, spread over the workers")
  static let receiveDescriptors: Setting<Int?> = .integer(
    "receive-descriptors", in: 32...32768, "Packets that a receive queue can hold")
  static let sendDescriptors: Setting<Int?> = .integer(
    "send-descriptors", in: 32...32768, "Packets that a send queue can hold")
  static let mtu: Setting<Int?> = .integer(
    "mtu", in: 68...9600, "The largest IP packet, in bytes; 1500 unless the driver says otherwise")
  static let buffers: Setting<Buffers> = .choice(
    "buffers", default: .single,
    "Whether a packet larger than 2 KB lies in one large buffer or in a chain of small ones")
  static let promiscuous: Setting<Bool> = .boolean(
    "promiscuous", default: true, "Receive packets for any Ethernet address")

  static let numaNode: Setting<Int?> = .integer(
    "numa-node", in: 0...1023,
    "Where its packet buffers lie, when they lie in hugepages; by default on the device's own node")

  /// How a large packet is kept.
  public enum Buffers: String, CaseIterable, Sendable {
    case single, chained
  }

  public static var all: [any SettingDeclaration] {
    [queues, receiveDescriptors, sendDescriptors, mtu, buffers, promiscuous, numaNode]
  }
}

extension FileCatalog {
  /// What a pipeline file may say when these stages are at hand.
  public init(_ registry: StageRegistry) {
    self.init(
      stages: registry.descriptions, portSettings: PortSettings.all,
      engineSettings: EngineSettings.all,
      deviceProblem: { text in
        do throws(DeviceProblem) {
          _ = try Device.parse(text)
          return nil
        } catch {
          return SettingProblem(
            message: error.message, offset: error.offset, length: error.length, fix: error.fix)
        }
      },
      deviceBelonging: { (try? Device.parse($0))?.belonging },
      limits: FileLimits(
        ports: PortIndex.limit, pipelines: PipelineIndex.limit, stages: PipelineSet.stageLimit))
  }
}
