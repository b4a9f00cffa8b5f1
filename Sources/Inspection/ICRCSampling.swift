// SPDX-License-Identifier: BSD-3-Clause

/// Of which packets the ICRC is checked.
public enum ICRCSampling: Hashable, Sendable {
  /// Of all when packets are shown. When they are counted, of the first 64 MB of RoCE packets, then
  /// of one in 64.
  case automatic
  case all
  case never
  case oneIn(Int)

  /// Reads `auto`, `all`, `none`, or a number.
  public init?(_ text: String) {
    switch text {
    case "auto": self = .automatic
    case "all": self = .all
    case "none": self = .never
    default:
      guard let number = Int(text), number > 0 else { return nil }
      self = number == 1 ? .all : .oneIn(number)
    }
  }
}

/// Chooses the packets whose ICRC is checked.
struct ICRCSampler {
  /// Packets are chosen whose scrambled number is not above this.
  private var threshold: UInt64
  /// How many bytes are checked whatever the threshold says.
  private var budget: Int
  private var number: UInt64 = 0
  private let sampling: ICRCSampling

  private static let automaticBudget = 64_000_000
  private static let automaticRate = 64

  init(_ sampling: ICRCSampling) {
    self.sampling = sampling
    budget = sampling == .automatic ? Self.automaticBudget : 0
    threshold =
      switch sampling {
      case .never: 0
      case .all: .max
      case .automatic: .max / UInt64(Self.automaticRate)
      case .oneIn(let count): .max / UInt64(count)
      }
  }

  /// Whether the next packet, of so many captured bytes, is chosen. Multiples of the golden ratio
  /// spread evenly and keep no step with messages of a power of two of packets.
  @inline(__always)
  mutating func chooses(_ length: Int) -> Bool {
    number &+= 0x9E37_79B9_7F4A_7C15
    guard budget <= 0 else {
      budget &-= length
      return true
    }
    return number <= threshold && threshold > 0
  }

  /// How the packets were chosen, in words, where not all of them were.
  var wording: String? {
    switch sampling {
    case .all: nil
    case .never: "not looked at"
    case .oneIn(let count): "one packet in \(count)"
    case .automatic:
      budget > 0
        ? nil : "all of the first \(Self.automaticBudget / 1_000_000) MB, then one packet in 64"
    }
  }
}
