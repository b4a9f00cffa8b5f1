// SPDX-License-Identifier: BSD-3-Clause

/// A condition made ready to be held against bursts of packets.
///
/// A flat list of instructions over one mask of packets: a test takes those out that fail it, so
/// `and` is one test after the other. `not` was pushed down to the tests. Only `or` keeps masks
/// aside, in `saved`; a predicate therefore belongs to one worker.
public struct Predicate: ~Copyable {
  @usableFromInline let program: UnsafeMutableBufferPointer<PredicateInstruction>
  /// The sets that instructions refer to: the low ends and the spans of ranges, by turns.
  @usableFromInline let ranges: UnsafeMutableBufferPointer<UInt64>
  /// Two masks for each `or` that an instruction may be within: yet to decide, and true so far.
  @usableFromInline let saved: UnsafeMutableBufferPointer<UInt64>

  public init(_ expression: Expression) {
    var compiler = PredicateCompiler()
    compiler.add(PredicateNode(expression.root))
    program = .allocate(capacity: compiler.program.count)
    _ = program.initialize(from: compiler.program)
    ranges = .allocate(capacity: compiler.ranges.count)
    _ = ranges.initialize(from: compiler.ranges)
    saved = .allocate(capacity: 2 * compiler.greatestDepth)
    saved.initialize(repeating: 0)
  }

  deinit {
    program.deallocate()
    ranges.deallocate()
    saved.deallocate()
  }

  /// The packets of `selection` for which the condition holds.
  @inlinable
  public func evaluate<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source
  ) -> UInt64 {
    guard var next = program.baseAddress else { return selection }
    let end = next + program.count
    var mask = selection
    while next != end {
      mask = next.pointee.step(mask, source, ranges.baseAddress, saved.baseAddress)
      next += 1
    }
    return mask
  }

  /// Whether the condition holds for one packet.
  public func matches(_ packet: SinglePacket) -> Bool { evaluate(1, packet) != 0 }
}
