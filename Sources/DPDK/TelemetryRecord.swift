// SPDX-License-Identifier: BSD-3-Clause

/// What a command of DPDK's telemetry socket answers: names with values, which clients see as JSON.
///
/// Lists are records by number: DPDK 22.11 shows no lists of records.
public struct TelemetryRecord: Sendable {
  public enum Value: Sendable {
    case text(String)
    case number(UInt64)
    case record(TelemetryRecord)
  }

  public private(set) var values: [(name: String, value: Value)] = []

  /// The most values of one record that DPDK shows.
  public static let limit = 256

  public init() {}

  public mutating func add(_ name: String, _ value: Value) { values.append((name, value)) }
  public mutating func add(_ name: String, _ text: String) { add(name, .text(text)) }
  public mutating func add(_ name: String, _ number: UInt64) { add(name, .number(number)) }
  public mutating func add(_ name: String, _ count: Int) { add(name, .number(UInt64(count))) }
  public mutating func add(_ name: String, _ record: TelemetryRecord) {
    add(name, .record(record))
  }

  public subscript(name: String) -> Value? { values.first { $0.name == name }?.value }

  /// How many characters it has as JSON.
  public var length: Int {
    // Braces; and quotes, a colon and a comma around each name.
    values.reduce(2) { $0 + $1.name.utf8.count + 4 + $1.value.length }
  }
}

extension TelemetryRecord.Value {
  fileprivate var length: Int {
    switch self {
    // Quotes and backslashes become two characters.
    case .text(let text): min(text.utf8.count, TelemetryRecord.longestText) * 2 + 2
    case .number(let number): String(number).utf8.count
    case .record(let record): record.length
    }
  }
}

extension TelemetryRecord {
  /// Characters of a text that DPDK takes.
  static let longestText = 127

  /// A name as DPDK allows it: `longest queue` becomes `longest_queue`.
  static func name(_ text: String) -> String {
    let bytes = text.utf8.prefix(longestText).map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text as DPDK 22.11 shows it whole: it takes letters beyond ASCII for control characters.
  static func text(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(longestText)
    return String(String.UnicodeScalarView(scalars.map { " "..."~" ~= $0 ? $0 : "?" }))
  }
}
