// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Telemetry

/// The commands of the telemetry socket: `/sluice/ports` and others.
///
/// Each answer has 16,384 characters at most. A list that is longer comes in pages: the parameters
/// say where it begins and how many there shall be, and `next` where the following page begins.
struct TelemetryCommands {
  /// The run as it is.
  let snapshot: @Sendable () -> NICSnapshot

  var all: [TelemetrySocket.Command] {
    let take = snapshot
    return [
      TelemetrySocket.Command("/sluice/info", "The run: file, time, workers") { _ in
        TelemetryRecord(run: take())
      },
      list("ports", "Ports. Parameters of lists: first,count") {
        $0.ports.map(TelemetryRecord.init)
      },
      list("stages", "Stages: packets, drops, cycles") { $0.stages.map(TelemetryRecord.init) },
      list("drops", "Dropped packets by reason") { $0.drops.map(TelemetryRecord.init) },
      list("events", "Anomalies: what went wrong, and when") {
        ($0.telemetry?.events ?? []).map { TelemetryRecord($0) }
      },
      list("distributions", "Sizes and times: quantiles") {
        ($0.telemetry?.distributions ?? []).map { TelemetryRecord($0) }
      },
      TelemetrySocket.Command("/sluice/totals", "All metrics over all queue pairs") { _ in
        take().telemetry.map { TelemetryRecord(totals: $0) }
      },
      TelemetrySocket.Command("/sluice/queue_pairs", "Most bytes first: first,count") { text in
        guard let range = ListRange(text) else { return nil }
        let telemetry = take().telemetry ?? TelemetrySnapshot()
        let records = telemetry.queuePairs.dropFirst(range.first)
        return TelemetryRecord(
          page: "queue_pairs", of: records.lazy.map { TelemetryRecord($0, isWhole: false) },
          range, total: telemetry.queuePairCount)
      },
      TelemetrySocket.Command("/sluice/queue_pair", "All of one: SOURCE>DESTINATION/0x123") {
        name in
        let queuePairs = take().telemetry?.queuePairs ?? []
        return queuePairs.first { $0.name.description == name }
          .map { TelemetryRecord($0, isWhole: true) }
      },
    ]
  }

  private func list(
    _ name: String, _ help: String,
    _ records: @escaping @Sendable (NICSnapshot) -> [TelemetryRecord]
  ) -> TelemetrySocket.Command {
    let take = snapshot
    return TelemetrySocket.Command("/sluice/" + name, help) { text in
      guard let range = ListRange(text) else { return nil }
      let all = records(take())
      return TelemetryRecord(page: name, of: all.dropFirst(range.first), range, total: all.count)
    }
  }
}

/// Which part of a list is asked for: `first`, or `first,count`; all of it without parameters.
struct ListRange {
  var first = 0
  var count = TelemetryRecord.limit

  /// More than any list has.
  private static let most = 1 << 24

  init?(_ text: String) {
    guard !text.isEmpty else { return }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count <= 2, let first = numbers[0], (0...Self.most).contains(first) else {
      return nil
    }
    self.first = first
    guard numbers.count == 2 else { return }
    guard let count = numbers[1], count > 0 else { return nil }
    self.count = min(count, TelemetryRecord.limit)
  }
}

extension TelemetryRecord {
  /// Characters that a page may have: DPDK's socket sends 16,384, the command's name included.
  static let pageLength = 16_000

  /// As many of the records, which begin with the range's first, as a page has room for.
  init(
    page name: String, of records: some Sequence<TelemetryRecord>, _ range: ListRange, total: Int
  ) {
    self.init()
    var page = TelemetryRecord()
    var room = Self.pageLength - 100
    var next = range.first
    for record in records.prefix(range.count) {
      let length = record.length + 12
      guard length <= room else { break }
      room -= length
      page.add("\(next)", record)
      next += 1
    }
    add("total", total)
    if next < total, next > range.first { add("next", next) }
    add(name, page)
  }
}
