// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What a rule asks of each chunk. A range of a field that takes several chunks becomes several
/// boxes: the rest of the first upper value, the upper values between, the beginning of the last.
struct TernaryBoxes {
  let layout: TernaryLayout
  /// The most boxes that one rule may take.
  static let limit = 256

  /// Each box asks one thing of each chunk; together they are the rule.
  func boxes(of rule: TernaryRule) throws(TableError) -> [[ChunkTest]] {
    var boxes = [[ChunkTest](repeating: ChunkTest(), count: layout.chunks.count)]
    for test in rule.tests {
      let presence = TernaryLayout.presence(of: test)
      guard let slot = layout.presences[presence] else { continue }
      let isAbsent = if case .absent = test { true } else { false }
      let bit: UInt16 = 1 << UInt16(slot.shift)
      for index in boxes.indices { boxes[index][slot.chunk].require(isAbsent ? 0 : bit, mask: bit) }
      guard let place = test.place, let slots = layout.places[place] else { continue }
      boxes = Self.combined(boxes, pieces(test, slots, width: place.width))
      guard boxes.count <= Self.limit else {
        throw TableError("rule \(rule.number) has too many ranges of fields wider than 16 bits")
      }
    }
    return boxes.filter { !$0.contains(where: \.isImpossible) }
  }

  private static func combined(_ boxes: [[ChunkTest]], _ pieces: [[Piece]]) -> [[ChunkTest]] {
    boxes.flatMap { box in
      pieces.map { piece in
        var box = box
        for part in piece { part.add(to: &box[part.chunk]) }
        return box
      }
    }
  }

  /// What is asked of one chunk on behalf of a field.
  private struct Piece {
    let chunk: Int
    let shift: Int
    let width: Int
    var range: ClosedRange<UInt16>?
    var value: UInt16 = 0
    var mask: UInt16 = 0

    func add(to test: inout ChunkTest) {
      if let range { test.require(range, shift: shift, width: width) }
      test.require(value << UInt16(shift), mask: mask << UInt16(shift))
    }
  }

  private func pieces(
    _ test: TernaryRule.Test, _ slots: (high: TernaryLayout.Slot?, low: TernaryLayout.Slot),
    width: Int
  ) -> [[Piece]] {
    let chunks = Self.chunks(slots)
    let greatest = UInt128.max >> UInt128(128 - width)
    switch test {
    case .present, .absent: return [[]]
    case .bits(_, let value, let mask):
      guard value & mask <= greatest else { return [] }
      return [Self.bits(chunks, value, mask)]
    case .range(_, let range):
      guard range.lowerBound <= greatest else { return [] }
      return Self.ranges(chunks[...], range.lowerBound...min(range.upperBound, greatest))
    }
  }

  /// From the lowest bits of the field to its highest ones.
  private static func chunks(
    _ slots: (high: TernaryLayout.Slot?, low: TernaryLayout.Slot)
  ) -> [Piece] {
    [slots.low, slots.high].compactMap(\.self).flatMap { slot in
      stride(from: 0, to: slot.width, by: TernaryLayout.chunkBits).map { bit in
        Piece(
          chunk: slot.chunk + bit / TernaryLayout.chunkBits, shift: slot.shift,
          width: min(TernaryLayout.chunkBits, slot.width - bit))
      }
    }
  }

  private static func bits(_ chunks: [Piece], _ value: UInt128, _ mask: UInt128) -> [Piece] {
    var (value, mask) = (value, mask)
    return chunks.map { chunk in
      var chunk = chunk
      let greatest = UInt16.max >> UInt16(16 - chunk.width)
      chunk.value = UInt16(truncatingIfNeeded: value) & greatest
      chunk.mask = UInt16(truncatingIfNeeded: mask) & greatest
      value >>= UInt128(chunk.width)
      mask >>= UInt128(chunk.width)
      return chunk
    }
  }

  private static func ranges(
    _ chunks: ArraySlice<Piece>, _ range: ClosedRange<UInt128>
  ) -> [[Piece]] {
    guard var top = chunks.last else { return [[]] }
    let rest = chunks.dropLast()
    let bits = UInt128(rest.reduce(0) { $0 + $1.width })
    let greatest: UInt128 = (1 << bits) - 1
    let (first, last) = (range.lowerBound >> bits, range.upperBound >> bits)
    let (low, high) = (range.lowerBound & greatest, range.upperBound & greatest)
    func with(_ tops: ClosedRange<UInt128>, _ lows: ClosedRange<UInt128>) -> [[Piece]] {
      top.range = UInt16(tops.lowerBound)...UInt16(tops.upperBound)
      return ranges(rest, lows).map { $0 + [top] }
    }
    if first == last { return with(first...first, low...high) }
    let from = low == 0 ? first : first + 1
    let through = high == greatest ? last : last - 1
    return (low == 0 ? [] : with(first...first, low...greatest))
      + (from <= through ? with(from...through, 0...greatest) : [])
      + (high == greatest ? [] : with(last...last, 0...high))
  }
}
