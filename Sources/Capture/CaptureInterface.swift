// SPDX-License-Identifier: BSD-3-Clause

import Wire

/// What a pcapng file says of an interface, and how its packets are to be read.
struct CaptureInterface {
  let content: RecordContent
  /// The most bytes of a packet that were kept; 0 when there was no limit.
  let snapLength: UInt32
  private(set) var clock = CaptureClock()

  /// Nil when the block is too short for what it must have, or an option for itself.
  init?(_ block: Block) {
    guard block.body.count >= 8 else { return nil }
    content = RecordContent(fileNumber: block.number(at: 0))
    snapLength = block.number(at: 4)
    var place = 8
    while place + 4 <= block.body.count {
      let code = block.number(at: place, as: UInt16.self)
      let length = Int(block.number(at: place + 2, as: UInt16.self))
      guard code != Self.endOfOptions else { return }
      place += 4
      guard place + length <= block.body.count else { return nil }
      switch (code, length) {
      case (Self.resolution, 1): clock.setResolution(block.body[place])
      case (Self.offset, 8): clock.secondsOffset = block.number(at: place)
      default: break
      }
      place += (length + 3) & ~3
    }
  }

  private static let endOfOptions: UInt16 = 0
  /// if_tsresol and if_tsoffset.
  private static let resolution: UInt16 = 9
  private static let offset: UInt16 = 14
}

/// What has to be known of an interface to read its packets, without references.
struct PlainInterface: BitwiseCopyable {
  /// Nil where packets have to be looked into, or cannot be read.
  let linkType: LinkType?
  let clock: CaptureClock

  init(_ interface: CaptureInterface) {
    if case .packets(let known) = interface.content { linkType = known } else { linkType = nil }
    clock = interface.clock
  }
}

/// An interface's time stamps: ticks of a part of a second, from a number of seconds on.
struct CaptureClock: BitwiseCopyable {
  /// Seconds since 1970 that the ticks count from.
  var secondsOffset: Int64 = 0
  private var scale = Scale.multiple(1000)

  private enum Scale: BitwiseCopyable {
    /// A tick is so many nanoseconds.
    case multiple(UInt64)
    /// So many ticks are a nanosecond.
    case part(UInt64)
    /// 2 to the power of so many ticks are a second.
    case power(UInt8)
    /// No number of ticks makes a nanosecond.
    case nothing
  }

  /// The option's byte: a tick is 10^-n seconds, or 2^-n when the highest bit is set.
  mutating func setResolution(_ byte: UInt8) {
    let exponent = byte & 0x7F
    scale =
      switch exponent {
      case _ where byte & 0x80 != 0: .power(exponent)
      case 0...9: .multiple(Self.power(of: 10, 9 - exponent))
      case 10...28: .part(Self.power(of: 10, exponent - 9))
      default: .nothing
      }
  }

  private static func power(of base: UInt64, _ exponent: UInt8) -> UInt64 {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  /// Since 1970; a time before that counts as 0, one past 2554 as the last there is.
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    if case .multiple(let factor) = scale, secondsOffset == 0 {
      let product = ticks.multipliedReportingOverflow(by: factor)
      return product.overflow ? .max : product.partialValue
    }
    let ticked: UInt128 =
      switch scale {
      case .multiple(let factor): UInt128(ticks) * UInt128(factor)
      case .part(let divisor): UInt128(ticks / divisor)
      case .power(let exponent): (UInt128(ticks) * 1_000_000_000) >> UInt128(exponent)
      case .nothing: 0
      }
    if secondsOffset == 0 { return UInt64(clamping: ticked) }
    return UInt64(clamping: Int128(ticked) + Int128(secondsOffset) * 1_000_000_000)
  }
}
