// SPDX-License-Identifier: BSD-3-Clause

/// Field values to be written into packets, made ready for bursts.
///
/// A value is written only into packets that have the field's header. The headers' checksums
/// follow by the difference (RFC 1624): one that was wrong stays wrong by as much, and a UDP
/// checksum of 0 stays 0. The headers record is not read again, so a port that is written does
/// not change what `parse` found behind it.
public struct Rewrite: ~Copyable {
  @usableFromInline let program: UnsafeMutableBufferPointer<RewriteInstruction>

  /// Fails for a field that must not be written, a value that does not fit, and bits set twice.
  public init(_ assignments: [(Field, FieldValue)]) throws(FieldError) {
    var compiler = RewriteCompiler()
    for (field, value) in assignments { try compiler.add(field, value) }
    let instructions = compiler.instructions
    program = .allocate(capacity: instructions.count)
    _ = program.initialize(from: instructions)
  }

  deinit { program.deallocate() }

  /// Writes into the packets of `selection`.
  @inlinable
  public func apply<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source
  ) {
    guard var next = program.baseAddress else { return }
    let end = next + program.count
    while next != end {
      next.pointee.apply(selection, source)
      next += 1
    }
  }

  public func apply(to packet: SinglePacket) { apply(1, packet) }
}
