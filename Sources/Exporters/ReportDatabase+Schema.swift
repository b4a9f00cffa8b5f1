// SPDX-License-Identifier: BSD-3-Clause
import Telemetry

extension ReportDatabase {
  /// The tables. Where `queue_pair` is empty, a row is of all traffic.
  static let schema = """
    CREATE TABLE meta (id INTEGER PRIMARY KEY, name TEXT, value TEXT);
    CREATE TABLE totals (metric TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
    CREATE TABLE queue_pairs (
      id INTEGER PRIMARY KEY, name TEXT, source TEXT, destination TEXT, queue_pair INTEGER,
      tunnel INTEGER, peer TEXT, first_seen INTEGER, last_seen INTEGER,
      \(Metric.allCases.map { "\($0.name) INTEGER" }.joined(separator: ", ")));
    CREATE TABLE opcodes (
      queue_pair TEXT, opcode TEXT, packets INTEGER,
      PRIMARY KEY (queue_pair, opcode)) WITHOUT ROWID;
    \(SharedTables.distributions)
    \(SharedTables.events)
    CREATE TABLE time_series (
      time INTEGER, queue_pair TEXT, packets INTEGER, bytes INTEGER, ce INTEGER, cnps INTEGER,
      sent_again INTEGER, missing INTEGER, PRIMARY KEY (queue_pair, time)) WITHOUT ROWID;
    CREATE TABLE psn_points (queue_pair TEXT, time INTEGER, psn INTEGER, kind TEXT);
    CREATE TABLE address_pairs (
      source TEXT, destination TEXT, bytes INTEGER, error INTEGER,
      PRIMARY KEY (source, destination)) WITHOUT ROWID;
    """
}
