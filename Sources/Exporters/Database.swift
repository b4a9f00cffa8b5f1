// SPDX-License-Identifier: BSD-3-Clause
import CSQLite
import Glibc

/// A value as SQLite keeps it.
enum SQLValue {
  case integer(UInt64)
  case number(Double)
  case text(String)
  case null

  init(_ value: Int) { self = .integer(UInt64(clamping: value)) }
  init(_ value: UInt64?) { self = value.map { .integer($0) } ?? .null }
  init(_ value: String?) { self = value.map { .text($0) } ?? .null }
}

/// A file of SQLite's, made anew.
final class Database {
  let path: String
  private var handle: OpaquePointer?

  /// How long a reader may be in the way, in milliseconds.
  private static let patience: Int32 = 1000

  init(path: String, schema: String) throws(ExporterError) {
    self.path = path
    for suffix in ["", "-journal"] where unlink(path + suffix) != 0 && errno != ENOENT {
      throw ExporterError("cannot replace \(path)\(suffix): " + String(cString: strerror(errno)))
    }
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK else { throw error() }
    sqlite3_busy_timeout(handle, Self.patience)
    // A reader that copies the one file has everything.
    try run("PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL")
    try run(schema)
  }

  deinit { sqlite3_close_v2(handle) }

  /// All of what is written within, or nothing of it.
  func transaction(_ body: () throws(ExporterError) -> Void) throws(ExporterError) {
    try run("BEGIN IMMEDIATE")
    do throws(ExporterError) {
      try body()
      try run("COMMIT")
    } catch {
      sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
      throw error
    }
  }

  /// Statements without parameters.
  func run(_ statements: String) throws(ExporterError) {
    guard sqlite3_exec(handle, statements, nil, nil, nil) == SQLITE_OK else { throw error() }
  }

  /// One statement, once for each row of parameters.
  func run(_ statement: String, rows: [[SQLValue]]) throws(ExporterError) {
    guard !rows.isEmpty else { return }
    var prepared: OpaquePointer?
    guard sqlite3_prepare_v2(handle, statement, -1, &prepared, nil) == SQLITE_OK else {
      throw error()
    }
    defer { sqlite3_finalize(prepared) }
    for row in rows {
      for (place, value) in row.enumerated() { Self.bind(value, to: prepared, Int32(place + 1)) }
      guard sqlite3_step(prepared) == SQLITE_DONE else { throw error() }
      sqlite3_reset(prepared)
    }
  }

  /// Rows into a table, which may replace those with the same key.
  func insert(_ rows: [[SQLValue]], into table: String) throws(ExporterError) {
    guard let width = rows.first?.count else { return }
    let places = Array(repeating: "?", count: width).joined(separator: ", ")
    try run("INSERT OR REPLACE INTO \(table) VALUES (\(places))", rows: rows)
  }

  private static func bind(_ value: SQLValue, to statement: OpaquePointer?, _ place: Int32) {
    switch value {
    case .integer(let value): sqlite3_bind_int64(statement, place, Int64(clamping: value))
    case .number(let value): sqlite3_bind_double(statement, place, value)
    case .text(let value): sqlite3_bind_text(statement, place, value, -1, transient)
    case .null: sqlite3_bind_null(statement, place)
    }
  }

  /// `SQLITE_TRANSIENT`, a macro that Swift does not see: the text is copied.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func error() -> ExporterError {
    let cause = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "out of memory"
    return ExporterError("cannot write \(path): \(cause)")
  }
}
