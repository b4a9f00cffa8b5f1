// SPDX-License-Identifier: BSD-3-Clause

/// Tables that every database of measurements has, whether a run fills it or a report.
enum SharedTables {
  static let distributions = """
    CREATE TABLE distributions (
      distribution TEXT PRIMARY KEY, count INTEGER, sum INTEGER, minimum INTEGER,
      maximum INTEGER, relative_error REAL) WITHOUT ROWID;
    CREATE TABLE distribution_buckets (
      distribution TEXT, lowest INTEGER, highest INTEGER, count INTEGER,
      PRIMARY KEY (distribution, lowest)) WITHOUT ROWID;
    CREATE VIEW messages AS
      SELECT lowest, highest, count FROM distribution_buckets
      WHERE distribution = 'message_size_bytes';
    """

  static let events = """
    CREATE TABLE events (
      kind TEXT, start INTEGER, queue_pair TEXT, address TEXT, end INTEGER, is_open INTEGER,
      occurrences INTEGER, queue_pair_count INTEGER, queue_pairs TEXT, evidence TEXT,
      PRIMARY KEY (kind, start, queue_pair, address)) WITHOUT ROWID;
    """
}
