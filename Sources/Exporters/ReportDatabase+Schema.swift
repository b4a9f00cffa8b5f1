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
    CREATE TABLE distributions (
      distribution TEXT PRIMARY KEY, count INTEGER, sum INTEGER, minimum INTEGER,
      maximum INTEGER, relative_error REAL) WITHOUT ROWID;
    CREATE TABLE distribution_buckets (
      distribution TEXT, lowest INTEGER, highest INTEGER, count INTEGER,
      PRIMARY KEY (distribution, lowest)) WITHOUT ROWID;
    CREATE VIEW messages AS
      SELECT lowest, highest, count FROM distribution_buckets
      WHERE distribution = 'message_size_bytes';
    CREATE TABLE events (
      kind TEXT, start INTEGER, queue_pair TEXT, source TEXT, end INTEGER, is_open INTEGER,
      occurrences INTEGER, queue_pair_count INTEGER, queue_pairs TEXT, evidence TEXT,
      PRIMARY KEY (kind, start, queue_pair, source)) WITHOUT ROWID;
    CREATE TABLE time_series (
      time INTEGER, queue_pair TEXT, packets INTEGER, bytes INTEGER, ce INTEGER, cnps INTEGER,
      sent_again INTEGER, missing INTEGER, PRIMARY KEY (queue_pair, time)) WITHOUT ROWID;
    CREATE TABLE psn_points (queue_pair TEXT, time INTEGER, psn INTEGER, kind TEXT);
    CREATE TABLE address_pairs (
      source TEXT, destination TEXT, bytes INTEGER, error INTEGER,
      PRIMARY KEY (source, destination)) WITHOUT ROWID;
    """
}
