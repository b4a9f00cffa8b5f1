// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// What a pipeline file can say of the world around its ports, for `sluice simulate`.
enum SimulationSettings {
  static let time: Setting<UInt64> = .duration(
    "time", in: 1e-6...3600, default: "10ms", "The virtual time to simulate")
  static let settle: Setting<UInt64> = .duration(
    "settle", in: 0...3600, default: "0s",
    "The time at the beginning that the summary leaves out")
  static let sample: Setting<UInt64> = .duration(
    "sample", in: 1e-7...3600, default: "50us", "The time between two samples")
  static let cables: Setting<[SettingValues]> = .list(
    "cables", of: .record([ends, delay]), default: "[]",
    "Ports that are joined: what one sends arrives at the other")
  static let traffic: Setting<[SettingValues]> = .list(
    "traffic",
    of: .record([from, to, queuePairs, rate, mtu, message, bytes, start, stagger, dscp]),
    "RDMA writes between the hosts at two ports; a packet is made when the one before it has left"
      + " by a cable, so that what holds packets back holds the sender back")

  static let ends: Setting<[String]> = .list("ends", of: .port, "The two ports")
  static let delay: Setting<UInt64> = .duration(
    "delay", in: 0...1, default: "1us", "How long packets take, in either direction")

  static let from: Setting<String> = .port("from", "The port of the host that writes")
  static let to: Setting<String> = .port("to", "The port of the host that is written to")
  static let queuePairs: Setting<Int> = .integer(
    "queue-pairs", in: 1...1024, default: 1, "How many queue pairs, each of a sender of its own")
  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1e6...10e12, default: "100Gbps", "The most that each sender sends")
  static let mtu: Setting<Int> = .integer(
    "mtu", in: 256...4096, default: 4096, "The bytes of a message that a packet carries")
  static let message: Setting<Int> = .size(
    "message", in: 1...1e9, default: "1MB", "The bytes of a message; its last packet is answered")
  static let bytes: Setting<Int?> = .size(
    "bytes", in: 1...1e15, "The bytes that each queue pair writes in all; without end when left out"
  )
  static let start: Setting<UInt64> = .duration(
    "start", in: 0...3600, default: "0s", "When the first queue pair begins")
  static let stagger: Setting<UInt64> = .duration(
    "stagger", in: 0...3600, default: "0s", "How much later each next one begins")
  static let dscp: Setting<Int> = .integer(
    "dscp", in: 0...63, default: 26, "The DSCP of the data, which is ECT(0)")

  static let all: [any SettingDeclaration] = [time, settle, sample, cables, traffic]
}
