// SPDX-License-Identifier: BSD-3-Clause
import Presentation

/// What a replay reads and writes, and how fast.
public struct ReplayOptions: Sendable {
  /// By port: the captures that its packets come from, merged by time.
  public var inputs: [String: [String]] = [:]
  /// By port: the file that its packets are written to.
  public var outputs: [String: String] = [:]
  /// Where dropped packets are written, each with its reason as a comment.
  public var drops: String?
  public var pace = Pace.maximum
  /// End after so many packets.
  public var packetLimit: UInt64?

  public init() {}
}

/// How fast a replay goes. Stages see the captures' own times at any pace.
public enum Pace: Sendable, Equatable {
  case maximum
  /// This many times as fast as captured.
  case speed(Double)
  /// Packets per second.
  case rate(Double)

  /// Packets whose capture times lie so far apart are not sent in one burst when paced.
  static let burstNanoseconds: UInt64 = 20_000

  /// Reads `1x`, `2.5x` or `max`.
  public init?(speed text: String) {
    if text == "max" {
      self = .maximum
      return
    }
    guard text.hasSuffix("x"), let factor = Double(text.dropLast()), factor.isFinite, factor > 0
    else { return nil }
    self = .speed(factor)
  }

  var text: String {
    switch self {
    case .maximum: "maximum speed"
    case .speed(let factor): "\(factor)x"
    case .rate(let rate): Figure.scaled(rate, "pps")
    }
  }
}
