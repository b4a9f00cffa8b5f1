// SPDX-License-Identifier: BSD-3-Clause

/// Ultra Ethernet Transport, over UDP or directly over IP: what all its packets have in common.
public enum UET {
  /// Directly over IP: what UDP's source port is otherwise, and 2 reserved bytes.
  static let entropyLength = 4
  /// The prologue and the 2 bytes that every type has behind it.
  static let shortestHeader = 4
  /// The least that a switch leaves of a packet whose payload it trims: 24 bytes with UDP's header
  /// or 20 with the entropy header, so 16 of Ultra Ethernet (UE specification 1.0, table 4-1).
  static let leastTrimmed = 16
}

extension HeaderWalk {
  /// Behind an IP header that announces protocol 253. The number is for any experiment, so what
  /// does not have the reserved bytes 0 is taken for another one and left alone.
  func uetOverIP(at offset: Int) {
    guard has(UET.entropyLength, at: offset), bytes.networkUInt16(at: offset + 2) == 0 else {
      return
    }
    uet(at: offset + UET.entropyLength, end: wireEnd)
  }

  /// A packet delivery header and the semantics behind it. `end` is where the packet ended when it
  /// was sent: a switch that trims it leaves UDP's length as it was.
  func uet(at offset: Int, end: Int) {
    guard offset + UET.shortestHeader <= end else { return note(.uetHeaderCut) }
    guard has(UET.shortestHeader, at: offset) else { return }
    let prologue = UETPrologue(rawValue: bytes.networkUInt16(at: offset))
    let next = offset + prologue.headerLength
    guard next <= end else { return note(.uetHeaderCut) }
    guard has(prologue.untrimmedLength, at: offset) else { return }
    headers.pointee.layers.formUnion(prologue.layers)
    headers.pointee[.rdma] = offset
    headers.pointee.rdmaEnd = UInt16(exactly: min(end, wireEnd)) ?? 0
    payload(at: offset + prologue.untrimmedLength)
    guard has(prologue.headerLength, at: offset) else { return }
    payload(at: next)
    if let header = prologue.semantics { semantics(header, at: next, end: end) }
  }

  /// Whether a datagram that is longer than its packet was trimmed on its way: IP's length is
  /// corrected then and UDP's is not (UE specification 1.0, 4.1), so the two tell. Which code
  /// point such packets have is up to the operator.
  func isTrimmed(toPort port: UInt16, at offset: Int) -> Bool {
    wireEnd - offset >= UET.leastTrimmed && rules.pointee.payload(ofPort: port) == .uet
  }
}
