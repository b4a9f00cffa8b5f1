// SPDX-License-Identifier: BSD-3-Clause

/// Up to 64 bits of a field at one of its places, ready to be read out of many packets at once.
@frozen
public struct FieldPart: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline let word: FieldWord
  public let width: Int

  init(_ word: FieldWord, width: Int) {
    self.word = word
    self.width = width
  }

  /// Adds the part of each packet of `selection` that has it to a word of the packet's own,
  /// `words[stride * index]`: `bias` is added to the bits, which are then moved up by `shift`.
  ///
  /// - Parameter replaces: Whether the words need not be 0 before.
  /// - Returns: The packets that have it.
  @inlinable @inline(__always)
  public func gather<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, bias: UInt64 = 0, shift: UInt64 = 0,
    into words: UnsafeMutablePointer<UInt64>, stride: Int, replaces: Bool = false
  ) -> UInt64 {
    // A copy, so that the loop need not read it again after each call of the source.
    let word = word
    guard word.origin == .header else {
      if replaces {
        for index in 0..<64 { words[stride &* index] = 0 }
      }
      if word.origin == .ipProtocol {
        return gatherProtocol(selection, source, shift: shift, into: words, stride: stride)
      }
      return gatherKnown(selection, source, bias: bias, shift: shift, into: words, stride: stride)
    }
    var bits = selection
    var found: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let headers = source.headers(index)
      guard headers.pointee.layers.rawValue & word.layers != 0 else { continue }
      let value = word.load(headers, source.bytes(index)) &+ bias
      let old = replaces ? 0 : words[stride &* index]
      words[stride &* index] = old | value &<< shift
      found |= 1 &<< UInt64(truncatingIfNeeded: index)
    }
    return found
  }

  /// The same for the protocol, which most keys of flows have.
  @inlinable @inline(__always)
  func gatherProtocol<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, shift: UInt64,
    into words: UnsafeMutablePointer<UInt64>, stride: Int
  ) -> UInt64 {
    let layers = word.layers
    var bits = selection
    var found: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let headers = source.headers(index)
      guard headers.pointee.layers.rawValue & layers != 0 else { continue }
      words[stride &* index] |= UInt64(headers.pointee.ipProtocol) &<< shift
      found |= 1 &<< UInt64(truncatingIfNeeded: index)
    }
    return found
  }

  /// The same for what is known of a packet, or what only some with the layer have.
  @inlinable @inline(never)
  func gatherKnown<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, bias: UInt64, shift: UInt64,
    into words: UnsafeMutablePointer<UInt64>, stride: Int
  ) -> UInt64 {
    var bits = selection
    var found: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      guard word.isPresent(in: source.headers(index).pointee.layers),
        let value = word.value(in: source, at: index)
      else { continue }
      words[stride &* index] |= (value &+ bias) &<< shift
      found |= 1 &<< UInt64(truncatingIfNeeded: index)
    }
    return found
  }
}

extension FieldPlace {
  /// The field as one part, or as an upper and a lower one of 64 bits when it is wider.
  public var parts: (high: FieldPart?, low: FieldPart) {
    let words = words
    return (
      words.high.map { FieldPart($0, width: width - 64) },
      FieldPart(words.low, width: min(width, 64))
    )
  }

  /// Whether every packet that has one of the layers has the field.
  public var isWhereItsLayersAre: Bool { origin == .header && !layers.isEmpty }
}
