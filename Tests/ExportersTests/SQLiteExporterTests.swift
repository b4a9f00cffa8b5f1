// SPDX-License-Identifier: BSD-3-Clause
import CSQLite
import RunningSluice
import Telemetry
import Testing

@testable import Exporters

/// The database, read by queries of its users.
@Suite struct SQLiteExporterTests {
  let folder = TemporaryFolder()
  var path: String { folder.place("out.db") }

  func exporter(queuePairs: Int = 1000) throws(ExporterError) -> SQLiteExporter {
    try SQLiteExporter(path: path, interval: 1, queuePairs: queuePairs)
  }

  /// Rows of an answer, with `|` between columns.
  func query(_ text: String) -> [String] {
    var database: OpaquePointer?
    var statement: OpaquePointer?
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
      sqlite3_prepare_v2(database, text, -1, &statement, nil) == SQLITE_OK
    else { return [String(cString: sqlite3_errmsg(database))] }
    defer {
      sqlite3_finalize(statement)
      sqlite3_close(database)
    }
    var rows: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      let columns = (0..<sqlite3_column_count(statement)).map { column in
        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "null"
      }
      rows.append(columns.joined(separator: "|"))
    }
    return rows
  }

  /// A second later, when each queue pair has sent 10 packets more.
  func later(_ snapshot: NICSnapshot) -> NICSnapshot {
    var later = snapshot
    later.nanoseconds += 1_000_000_000
    guard let telemetry = snapshot.telemetry else { return later }
    for place in telemetry.queuePairs.indices {
      later.telemetry?.queuePairs[place].values[.packets] += 10
    }
    later.telemetry?.events[0].isOpen = false
    return later
  }

  @Test func tablesSayWhatTheLastSnapshotSays() throws {
    try exporter().finish(.made(queuePairs: 3))
    #expect(query("PRAGMA integrity_check") == ["ok"])
    #expect(
      query("SELECT source, queue_pair, tunnel, peer, packets, bytes FROM queue_pairs") == [
        "10.0.0.1|1|null|null|30|30000", "10.0.0.2|2|null|null|20|20000",
        "10.0.0.3|3|null|null|10|10000",
      ])
    #expect(query("SELECT packets, wire_lost_packets FROM totals") == ["60|3"])
    #expect(query("SELECT * FROM opcodes") == ["RC_WRITE_ONLY|60"])
    #expect(query("SELECT * FROM messages") == ["64|64|5", "1000|1007|10", "4096|4127|1"])
    #expect(
      query("SELECT * FROM distributions ORDER BY 1 DESC") == [
        "round_trip_nanoseconds|4|40000|10000|10000|0.01",
        "message_size_bytes|16|14416|64|4096|0.01",
      ])
    #expect(
      query("SELECT port, received_bytes, sent_bytes, missed_packets FROM ports") == [
        "host|0|5760|null", "wire|6400|0|3",
      ])
    #expect(
      query("SELECT stage, kind, dropped FROM stages") == ["egress|queue|10", "parse|parse|0"])
    #expect(query("SELECT reason, packets FROM drops") == ["queue-full|10"])
  }

  @Test func eventsCanBeAskedForTheirEvidence() throws {
    try exporter().finish(.made())
    #expect(
      query(
        """
        SELECT kind, is_open, queue_pairs, json_extract(evidence, '$."retransmitted packets"')
        FROM events ORDER BY kind
        """) == [
          #"go-back-n-storm|1|["10.0.0.1>10.0.1.1/0x000001"]|30"#,
          #"incast|0|["10.0.0.1>10.0.1.1/0x000001"]|30"#,
        ])
  }

  @Test func seriesGoOnAndTheRestIsRenewed() throws {
    let exporter = try exporter()
    exporter.export(.made())
    exporter.finish(later(.made()))
    #expect(query("SELECT count(*) FROM snapshots") == ["2"])
    #expect(query("SELECT packets FROM queue_pairs ORDER BY id") == ["30", "20"])
    #expect(
      query(
        """
        SELECT name, s.packets, s.packets - lag(s.packets) OVER (PARTITION BY id ORDER BY time)
        FROM time_series s JOIN queue_pairs q ON q.id = s.queue_pair ORDER BY id, time
        """) == [
          "10.0.0.1>10.0.1.1/0x000001|20|null", "10.0.0.1>10.0.1.1/0x000001|30|10",
          "10.0.0.2>10.0.1.1/0x000002|10|null", "10.0.0.2>10.0.1.1/0x000002|20|10",
        ])
    #expect(query("SELECT is_open FROM events WHERE kind = 'go-back-n-storm'") == ["0"])
    #expect(query("SELECT count(*) FROM distributions") == ["2"])
  }

  @Test func queuePairsOfASnapshotAreLimited() throws {
    try exporter(queuePairs: 1).finish(.made(queuePairs: 3))
    #expect(query("SELECT queue_pair FROM queue_pairs") == ["1"])
  }

  @Test func aDatabaseThatIsThereIsReplaced() throws {
    try exporter().finish(.made())
    try exporter().finish(.made(queuePairs: 1))
    #expect(query("SELECT count(*) FROM snapshots") == ["1"])
    #expect(query("SELECT count(*) FROM queue_pairs") == ["1"])
  }

  @Test func aReaderInTheWayCostsASnapshotAndIsTold() throws {
    let exporter = try exporter()
    exporter.export(.made())
    var reader: OpaquePointer?
    sqlite3_open(path, &reader)
    defer { sqlite3_close(reader) }
    sqlite3_exec(reader, "BEGIN EXCLUSIVE", nil, nil, nil)

    exporter.export(later(.made()))

    #expect(
      exporter.problem
        == "telemetry: sqlite: cannot write \(path): database is locked; the snapshot is missing"
        + " from it")
    sqlite3_exec(reader, "ROLLBACK", nil, nil, nil)
    exporter.finish(later(later(.made())))
    #expect(query("SELECT count(*) FROM snapshots") == ["2"])
    #expect(query("SELECT count(*) FROM time_series") == ["4"])
  }

  @Test func aFolderThatIsNotThereIsAnError() {
    let error = #expect(throws: ExporterError.self) {
      try SQLiteExporter(path: "/no/such/folder/a.db", interval: 1, queuePairs: 1)
    }
    #expect(error?.description == "cannot write /no/such/folder/a.db: unable to open database file")
  }
}
