// SPDX-License-Identifier: BSD-3-Clause

/// What still comes in after a pause was asked for, and so needs room above the threshold: the
/// terms of IEEE 802.1Qbb, Annex O, for a buffer that counts whole packets.
public struct Headroom: Sendable {
  /// One cause of bytes that come late.
  public struct Term: Sendable {
    public let cause: String
    public let bytes: UInt64
  }

  /// What a frame takes of the wire beside what IP counts: Ethernet header, a VLAN tag, frame check
  /// sequence, preamble, start delimiter and gap.
  static var frameOverhead: UInt64 { 14 + 4 + 4 + 8 + 12 }
  /// A pause frame on the wire.
  static var pauseFrame: UInt64 { 64 + 8 + 12 }
  /// Light in fiber and signals in copper take about so long for a meter.
  static var nanosecondsPerMeter: UInt64 { 5 }

  public let terms: [Term]

  /// - Parameters:
  ///   - bitRate: of the link, in bits per second.
  ///   - meters: the length of the cable.
  ///   - mtu: the largest IP packet, in bytes, of either direction.
  ///   - response: how long the peer takes to stop once it has the frame, in nanoseconds.
  public init(bitRate: UInt64, meters: UInt64, mtu: UInt64, response: UInt64) {
    let frame = mtu + Self.frameOverhead
    let delay = meters * Self.nanosecondsPerMeter
    terms = [
      Term(
        cause:
          "the packet that goes beyond the threshold, which is counted when all of it is there",
        bytes: frame),
      Term(
        cause: "a frame that this side had begun, behind which the pause frame waits: MTU \(mtu)"
          + " and \(Self.frameOverhead) of framing", bytes: frame),
      Term(cause: "the pause frame itself", bytes: Self.pauseFrame),
      Term(
        cause: "the cable, there and back: 2 x \(meters) m x \(Self.nanosecondsPerMeter) ns/m",
        bytes: Self.bytes(in: 2 * delay, bitRate)),
      Term(
        cause: "the peer until it stops: \(response) ns", bytes: Self.bytes(in: response, bitRate)),
      Term(cause: "a frame that the peer had begun", bytes: frame),
    ]
  }

  /// The bytes that come in a time, rounded up.
  private static func bytes(in nanoseconds: UInt64, _ bitRate: UInt64) -> UInt64 {
    let bits = nanoseconds.multipliedFullWidth(by: bitRate)
    let divisor: UInt64 = 8_000_000_000
    guard bits.high < divisor else { return .max / 8 }
    let (quotient, rest) = divisor.dividingFullWidth(bits)
    return min(quotient, .max / 8 - 1) + (rest > 0 ? 1 : 0)
  }

  public var bytes: UInt64 { terms.reduce(0) { $0 + $1.bytes } }

  /// A line for each term, and the sum.
  public var lines: [String] {
    terms.map { "\($0.bytes) bytes: \($0.cause)" } + ["\(bytes) bytes of headroom in all"]
  }
}
