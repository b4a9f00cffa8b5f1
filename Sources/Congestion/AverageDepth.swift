// SPDX-License-Identifier: BSD-3-Clause

/// The average depth of a queue as RED takes it (Floyd and Jacobson 1993, section 4): each packet
/// that comes moves it by 2^-n of the way to the depth that the packet finds.
@frozen
public struct AverageDepth: BitwiseCopyable, Sendable {
  /// n: the weight is 2^-n.
  public let shift: UInt8
  /// The average times 2^n.
  @usableFromInline var scaled: UInt64 = 0

  /// What a packet is reckoned to be while the queue is empty; a common path MTU of RoCE.
  @inlinable public static var idlePacket: UInt64 { 1024 }

  /// - Parameter shift: 0 to 16; 0 makes the average the depth itself.
  public init(shift: Int) { self.shift = UInt8(min(max(shift, 0), 16)) }

  /// In bytes.
  @inlinable public var value: UInt64 { scaled &>> UInt64(shift) }

  /// Takes in the depth that a packet found.
  @inlinable @inline(__always)
  public mutating func add(_ depth: UInt64) {
    scaled = scaled &- (scaled &>> UInt64(shift)) &+ depth
  }

  /// Takes in that the queue could have sent `bytes` more than it had: as if packets had come one
  /// after the other and found it empty.
  @inlinable
  public mutating func rest(_ bytes: UInt64) {
    let packets = bytes / Self.idlePacket
    guard scaled > 0, packets > 0 else { return }
    guard shift > 0 else { return scaled = 0 }
    var power = Self.one &- (Self.one &>> UInt64(shift))
    var factor = Self.one
    var remaining = packets
    while remaining > 0 && factor > 0 {
      if remaining & 1 == 1 { factor = (factor &* power) &>> 32 }
      power = (power &* power) &>> 32
      remaining &>>= 1
    }
    let product = scaled.multipliedFullWidth(by: factor)
    scaled = product.high &<< 32 | product.low &>> 32
  }

  @inlinable static var one: UInt64 { 1 << 32 }
}
