// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// How times of packets are shown.
public enum TimeStyle: String, CaseIterable, Sendable {
  /// Seconds since the first packet of the captures.
  case relative
  /// Date and time, in UTC.
  case absolute
  /// Seconds since the packet that was shown before.
  case delta
}

/// A packet's time with what it may be told from, in nanoseconds since 1970.
struct PacketTime {
  let nanoseconds: UInt64
  let start: UInt64
  let previous: UInt64

  func text(_ style: TimeStyle) -> String {
    switch style {
    case .relative: Self.seconds(from: start, to: nanoseconds)
    case .delta: Self.seconds(from: previous, to: nanoseconds)
    case .absolute: Self.date(nanoseconds)
    }
  }

  /// Seconds with all nine digits; negative where the time goes back.
  static func seconds(from start: UInt64, to end: UInt64) -> String {
    let distance = end >= start ? end - start : start - end
    let (whole, rest) = distance.quotientAndRemainder(dividingBy: 1_000_000_000)
    return "\(end < start ? "-" : "")\(whole).\(padded(rest, 9))"
  }

  /// As in ISO 8601: `2023-11-14T22:13:20.000000000Z`.
  static func date(_ nanoseconds: UInt64) -> String {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let day = [
      padded(parts.tm_year + 1900, 4), padded(parts.tm_mon + 1, 2), padded(parts.tm_mday, 2),
    ]
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }
    return day.joined(separator: "-") + "T" + clock.joined(separator: ":") + ".\(padded(rest, 9))Z"
  }

  private static func padded(_ number: some BinaryInteger, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
