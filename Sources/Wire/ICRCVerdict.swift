// SPDX-License-Identifier: BSD-3-Clause

/// What a look at a packet's ICRC finds.
@frozen
public enum ICRCVerdict: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// Nobody looked.
  case unchecked = 0
  case good = 1
  case bad = 2
  /// Bytes that it covers are missing, or which it covers is not known: IPv4 options, fragments.
  case unverifiable = 3

  /// What reports and conditions call it.
  public var name: String {
    switch self {
    case .unchecked: "unchecked"
    case .good: "good"
    case .bad: "bad"
    case .unverifiable: "unverifiable"
    }
  }

  /// One sentence for people.
  public var explanation: String {
    switch self {
    case .unchecked: "The ICRC was not looked at."
    case .good: "The ICRC is that of the packet's bytes."
    case .bad: "The ICRC is not that of the packet's bytes: something changed them on the way."
    case .unverifiable:
      "The packet is cut or in fragments, or has IP options, of which the ICRC does not speak."
    }
  }
}
