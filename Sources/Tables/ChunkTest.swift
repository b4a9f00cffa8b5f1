// SPDX-License-Identifier: BSD-3-Clause

/// What a rule asks of one chunk of a key.
struct ChunkTest: Hashable {
  private(set) var mask: UInt16 = 0
  private(set) var value: UInt16 = 0
  /// Bits of the chunk that must lie in a range.
  private(set) var ranges: [Part] = []
  /// Whether it asks for what cannot be.
  private(set) var isImpossible = false

  struct Part: Hashable {
    let shift: Int
    let width: Int
    let range: ClosedRange<UInt16>
  }

  var asksForNothing: Bool { mask == 0 && ranges.isEmpty && !isImpossible }

  /// Those that ask for little come after those that ask for much.
  var sortKey: UInt32 {
    if asksForNothing { return .max }
    let low = ranges.first.map { UInt32($0.range.lowerBound) << UInt32($0.shift) } ?? 0
    return UInt32(value) | low
  }

  mutating func require(_ value: UInt16, mask: UInt16) {
    if (self.value ^ value) & self.mask & mask != 0 { isImpossible = true }
    self.mask |= mask
    self.value |= value & mask
  }

  mutating func require(_ range: ClosedRange<UInt16>, shift: Int, width: Int) {
    let greatest = UInt16.max >> UInt16(16 - width)
    if range == 0...greatest { return }
    if range.count == 1 {
      require(range.lowerBound << UInt16(shift), mask: greatest << UInt16(shift))
    } else {
      ranges.append(Part(shift: shift, width: width, range: range))
    }
  }

  func accepts(_ chunk: UInt16) -> Bool {
    guard !isImpossible, (chunk ^ value) & mask == 0 else { return false }
    return ranges.allSatisfy {
      $0.range.contains(chunk >> UInt16($0.shift) & UInt16.max >> UInt16(16 - $0.width))
    }
  }

  /// The values of a chunk of `width` bits that it accepts, ascending.
  func accepted(width: Int) -> [ClosedRange<Int>] {
    if isImpossible { return [] }
    if mask == 0, ranges.count == 1, ranges[0].shift == 0, ranges[0].width == width {
      return [Int(ranges[0].range.lowerBound)...Int(ranges[0].range.upperBound)]
    }
    // Bits at the low end that nothing is asked of make an interval; the other open bits are
    // counted through, which goes up by steps over the bits that are asked for.
    let asked = ranges.reduce(Int(mask)) { $0 | ((1 << $1.width) - 1) << $1.shift }
    let low = asked == 0 ? width : asked.trailingZeroBitCount
    let open = ((1 << width) - 1) & ~Int(mask) & ~((1 << low) - 1)
    var result: [ClosedRange<Int>] = []
    var bits = 0
    repeat {
      let first = Int(value) | bits
      if ranges.isEmpty || accepts(UInt16(first)) {
        result.append(first...(first + (1 << low) - 1))
      }
      bits = (bits - open) & open
    } while bits != 0
    return result
  }
}
