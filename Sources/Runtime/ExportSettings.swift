// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// What a pipeline file can say of where measurements go while it runs.
enum ExportSettings {
  static let prometheus: Setting<SettingValues?> = .record(
    "prometheus", [listen, shownQueuePairs],
    "Answer Prometheus over HTTP, at /metrics; live runs only")
  static let json: Setting<SettingValues?> = .record(
    "json", fileSettings, "Write snapshots to a file, each a line of JSON")
  static let csv: Setting<SettingValues?> = .record(
    "csv", fileSettings, "Write a line for each queue pair and interval to a file")
  static let sqlite: Setting<SettingValues?> = .record(
    "sqlite", fileSettings, "Write queue pairs, events and time series to a database")
  static let ipfix: Setting<SettingValues?> = .record(
    "ipfix", [collector, sendEvery, queuePairs, enterprise, domain],
    "Send a flow of each queue pair to a collector")
  static let socket: Setting<Bool> = .boolean(
    "socket", default: false, "Answer dpdk-telemetry.py on DPDK's own socket; live runs only")
  static let dumpcap: Setting<Bool> = .boolean(
    "dumpcap", default: false, "Let dpdk-dumpcap capture packets of ports; live runs only")

  static let listen: Setting<String> = .text(
    "listen", default: "127.0.0.1:9464", "The address and TCP port to answer at")
  static let shownQueuePairs: Setting<Int> = .integer(
    "queue-pairs", in: 0...1000, default: 20,
    "How many queue pairs have series of their own: those with most bytes")

  static let file: Setting<String> = .path("file", "The file; one that is there is replaced")
  static let every: Setting<UInt64> = .duration(
    "every", in: 0.01...86_400, default: "1s", "The time from one snapshot to the next")
  static let queuePairs: Setting<Int> = .integer(
    "queue-pairs", in: 0...1_000_000, default: 1000,
    "How many queue pairs it has at most: those with most bytes")
  static let fileSettings: [any SettingDeclaration] = [file, every, queuePairs]

  static let collector: Setting<String> = .text(
    "collector", default: "127.0.0.1:4739", "The collector's address and UDP port")
  static let sendEvery: Setting<UInt64> = .duration(
    "every", in: 0.1...86_400, default: "10s", "The time from one record of a flow to the next")
  /// By default the number that RFC 5612 sets aside for documentation.
  static let enterprise: Setting<Int> = .integer(
    "enterprise", in: 1...4_294_967_295, default: 32_473,
    "The private enterprise number that elements for RoCE are numbered under")

  static let domain: Setting<Int> = .integer(
    "domain", in: 0...4_294_967_295, default: 1,
    "The observation domain, which tells a collector several senders of one address apart")

  static let all: [any SettingDeclaration] = [
    prometheus, json, csv, sqlite, ipfix, socket, dumpcap,
  ]
}
