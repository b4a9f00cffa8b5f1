// SPDX-License-Identifier: BSD-3-Clause
import Telemetry

extension SQLiteExporter {
  /// The tables, with METRICS for a column for each metric. Times are nanoseconds since 1970;
  /// counters are those of the whole run until then.
  public static let schema = """
    CREATE TABLE snapshots (time INTEGER PRIMARY KEY, uptime REAL NOT NULL);
    CREATE TABLE ports (
      time INTEGER, port TEXT, received_packets INTEGER, received_bytes INTEGER,
      sent_packets INTEGER, sent_bytes INTEGER, missed_packets INTEGER,
      PRIMARY KEY (time, port)) WITHOUT ROWID;
    CREATE TABLE stages (
      time INTEGER, pipeline TEXT, stage TEXT, kind TEXT, packets INTEGER, dropped INTEGER,
      timed_cycles INTEGER, timed_packets INTEGER,
      PRIMARY KEY (time, pipeline, stage)) WITHOUT ROWID;
    CREATE TABLE drops (
      time INTEGER, reason TEXT, packets INTEGER, PRIMARY KEY (time, reason)) WITHOUT ROWID;
    CREATE TABLE totals (time INTEGER PRIMARY KEY, METRICS);
    CREATE TABLE opcodes (opcode TEXT PRIMARY KEY, packets INTEGER) WITHOUT ROWID;
    CREATE TABLE queue_pairs (
      id INTEGER PRIMARY KEY, name TEXT UNIQUE, source TEXT, destination TEXT,
      queue_pair INTEGER, tunnel INTEGER, peer TEXT, first_seen INTEGER, last_seen INTEGER,
      METRICS);
    CREATE TABLE time_series (
      time INTEGER, queue_pair INTEGER REFERENCES queue_pairs (id), packets INTEGER,
      bytes INTEGER, ce INTEGER, cnps INTEGER, retransmitted INTEGER, lost INTEGER,
      PRIMARY KEY (time, queue_pair)) WITHOUT ROWID;
    \(SharedTables.distributions)
    \(SharedTables.events)
    """

  /// The tables, with the columns of metrics.
  static let tables: String = {
    let columns = Metric.allCases.map { "\($0.name) INTEGER" }.joined(separator: ", ")
    return schema.split(separator: "METRICS", omittingEmptySubsequences: false)
      .joined(separator: columns)
  }()

  /// What the time series have, in the order of their columns.
  static let series: [Metric] = [
    .packets, .bytes, .ceMarked, .notifications, .retransmitted, .lost,
  ]

  /// A queue pair that is there keeps its number.
  static let upsert: String = {
    let names =
      ["name", "source", "destination", "queue_pair", "tunnel", "peer", "first_seen", "last_seen"]
      + Metric.allCases.map(\.name)
    let places = names.map { _ in "?" }.joined(separator: ", ")
    let renewed = names.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    return "INSERT INTO queue_pairs (\(names.joined(separator: ", "))) VALUES (\(places)) "
      + "ON CONFLICT (name) DO UPDATE SET \(renewed)"
  }()

  /// Its parameters: the time, the series, and the queue pair's name.
  static let insertSeries =
    "INSERT OR REPLACE INTO time_series SELECT ?1, id, "
    + series.indices.map { "?\($0 + 2)" }.joined(separator: ", ")
    + " FROM queue_pairs WHERE name = ?\(series.count + 2)"
}
