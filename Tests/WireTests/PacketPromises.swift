// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What may be expected of any packet whatever, sound or not: what the parser says of it, what its
/// fields hold, what its checksums are, and what is left of them after fields were written.
enum PacketPromises {
  /// The promise that is broken, or nil.
  ///
  /// The packet is copied into an allocation of exactly its size, so that the sanitizer sees a
  /// read or write of a single byte too many. Nothing else is allocated: fuzzers live on speed.
  static func broken(by packet: FuzzedPacket) -> String? {
    let count = packet.bytes.count + packet.padding
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: packet.bytes)
    if packet.padding > 0 {
      memory[packet.bytes.count...].initializeMemory(as: UInt8.self, repeating: 0)
    }
    guard let start = memory.baseAddress else { return nil }
    // An empty packet begins behind its allocation, where nothing may be read.
    return broken(by: packet, at: count == 0 ? start + 1 : start, captured: count)
  }

  private static func broken(
    by packet: FuzzedPacket, at bytes: UnsafeMutableRawPointer, captured: Int
  ) -> String? {
    let rules = packet.isThorough ? thoroughRules : standardRules
    var headers = Headers(
      parsing: bytes, captured: captured, wireLength: packet.wireLength, link: packet.link,
      by: rules)
    let slow = Headers(
      slowlyParsing: bytes, captured: captured, wireLength: packet.wireLength, link: packet.link,
      by: rules)
    if !headers.isIdentical(to: slow) { return "the straight path differs from the long one" }
    if let broken = HeaderPromises.broken(by: headers, bytes, captured: captured, link: packet.link)
    {
      return broken
    }
    return withUnsafePointer(to: &headers) { headers in
      let source = SinglePacket(
        headers: headers, bytes: bytes, wireLength: UInt32(clamping: packet.wireLength),
        capturedLength: UInt32(clamping: captured))
      _ = MPA.checkState(of: bytes, headers.pointee)
      return brokenICRC(source) ?? brokenField(source) ?? brokenRewrite(source)
        ?? brokenChecksum(source, bytes)
    }
  }

  /// An ICRC that is computed and put in its place is good.
  private static func brokenICRC(_ packet: SinglePacket) -> String? {
    let verdict = ICRC.verdict(in: packet, at: 0)
    switch ICRC.correct(in: packet, at: 0) {
    case .needless: return verdict == .good ? nil : "an ICRC is \(verdict) and right"
    case .corrected: break
    case .impossible:
      return verdict == .unverifiable ? nil : "an ICRC is \(verdict), not computable"
    }
    return verdict == .bad && ICRC.verdict(in: packet, at: 0) == .good
      ? nil : "an ICRC was \(verdict), and is not good when it was corrected"
  }

  /// Every field is there with a value that its kind has, or not there at all.
  private static func brokenField(_ packet: SinglePacket) -> String? {
    for index in readers.indices {
      let reader = readers[index].reader
      let number = reader.number(in: packet, at: 0)
      guard let value = reader.value(in: packet, at: 0), let number else {
        if number == nil, reader.value(in: packet, at: 0) == nil { continue }
        return "\(FieldTable.all[index]) has a number or a value, not both"
      }
      if case .number(let plain) = value, plain != number || plain > readers[index].greatest {
        return "\(FieldTable.all[index]) is \(plain)"
      }
    }
    return nil
  }

  private static let readers = FieldTable.all.map { field in
    let bits = UInt64(min(field.kind.bits, 64))
    return (reader: field.reader, greatest: UInt64.max >> (64 - bits))
  }

  /// Fields that were written hold what was written, and checksums are as good as before.
  private static func brokenRewrite(_ packet: SinglePacket) -> String? {
    let headers = packet.headers(0).pointee
    let before = Checksum.states(of: packet.bytes(0), headers)
    for rewrite in PreparedRewrite.all {
      rewrite.rewrite.apply(to: packet)
      for index in rewrite.values.indices {
        let value = rewrite.readers[index].value(in: packet, at: 0)
        guard let value, value != rewrite.values[index] else { continue }
        // Of a field that either version of IP has, the address of one version was written.
        if case (.ipv6, .ipv4) = (value, rewrite.values[index]) { continue }
        return "\(rewrite.fields[index]) was written and is \(value)"
      }
    }
    let after = Checksum.states(of: packet.bytes(0), headers)
    return after == before ? nil : "checksums were \(before), and after a rewrite \(after)"
  }

  /// A checksum that is computed and put in its place is correct.
  private static func brokenChecksum(
    _ packet: SinglePacket, _ bytes: UnsafeMutableRawPointer
  ) -> String? {
    let headers = packet.headers(0).pointee
    if let checksum = Checksum.ipv4Header(of: bytes, headers) {
      let place = headers[.network] + 10
      bytes.storeBytes(of: checksum.bigEndian, toByteOffset: place, as: UInt16.self)
    } else if headers.layers.contains(.ipv4) {
      return "an IPv4 header has no checksum"
    }
    let checksum = Checksum.transport(of: bytes, headers)
    if let checksum {
      let field = headers.layers.contains(.udp) ? 6 : headers.layers.contains(.tcp) ? 16 : 2
      let place = headers[.transport] + field
      bytes.storeBytes(of: checksum.bigEndian, toByteOffset: place, as: UInt16.self)
    }
    let states = Checksum.states(of: bytes, headers)
    if headers.layers.contains(.ipv4), states.header != .correct {
      return "a computed IPv4 checksum is \(states.header)"
    }
    return checksum == nil || states.transport == .correct
      ? nil : "a computed transport checksum is \(states.transport)"
  }
}

extension Checksum {
  fileprivate static func states(
    of bytes: UnsafeRawPointer, _ headers: Headers
  ) -> (header: ChecksumState, transport: ChecksumState) {
    (ipv4HeaderState(of: bytes, headers), transportState(of: bytes, headers))
  }
}
