// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// What an exact table compares: fields of a packet side by side in words of 64 bits.
///
/// The keys of a burst lie in memory of the key's own, so that it belongs to one worker. A packet
/// has a key when it has all of the fields.
@usableFromInline
struct MatchKey: ~Copyable {
  /// How many words a packet's key takes.
  @usableFromInline let width: Int
  /// 64 keys.
  @usableFromInline let words: UnsafeMutablePointer<UInt64>
  @usableFromInline let steps: UnsafeMutablePointer<Step>
  @usableFromInline let stepCount: Int

  /// Reads one part of every packet of a burst.
  @frozen
  @usableFromInline
  struct Step: BitwiseCopyable {
    @usableFromInline let part: FieldPart
    @usableFromInline let bias: UInt64
    @usableFromInline let shift: UInt64
    @usableFromInline let word: Int
    @usableFromInline let role: Role
  }

  @frozen
  @usableFromInline
  enum Role: UInt8, BitwiseCopyable {
    /// All packets need it.
    case all
    /// Those that have it need nothing of the next step, which is `other`.
    case either, other
  }

  init(_ layout: MatchKeyLayout) {
    width = layout.width
    words = .allocate(capacity: 64 * width)
    words.initialize(repeating: 0, count: 64 * width)
    stepCount = layout.steps.count
    steps = .allocate(capacity: stepCount)
    for (index, step) in layout.steps.enumerated() { (steps + index).initialize(to: step) }
  }

  deinit {
    words.deallocate()
    steps.deallocate()
  }

  /// Makes the keys of the packets of `selection` and returns those that have one.
  @inlinable @inline(__always)
  func gather<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source
  ) -> UInt64 {
    words.update(repeating: 0, count: 64 &* width)
    var complete = selection
    var waiting: UInt64 = 0
    var step = steps
    let end = steps + stepCount
    while step != end {
      let isOther = step.pointee.role == .other
      let found = step.pointee.part.gather(
        isOther ? waiting : complete, source, bias: step.pointee.bias, shift: step.pointee.shift,
        into: words + step.pointee.word, stride: width)
      switch step.pointee.role {
      case .all: complete = found
      case .either:
        waiting = complete & ~found
        complete = found
      case .other: complete |= found
      }
      step += 1
    }
    return complete
  }
}
