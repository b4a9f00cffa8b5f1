// SPDX-License-Identifier: BSD-3-Clause

/// The Transmission Control Protocol's header (RFC 9293).
public enum TCP {
  /// Without options; with them up to 60.
  public static let headerLength = 20
}

extension HeaderWalk {
  mutating func tcp(at offset: Int) {
    guard has(TCP.headerLength, at: offset) else { return note(.tcpHeaderCut) }
    found(.tcp)
    payload(at: offset + TCP.headerLength)
    let length = Int(bytes.byte(at: offset + 12) >> 4) * 4
    guard length >= TCP.headerLength, offset + length <= wireEnd else {
      return note(.tcpDataOffset)
    }
    guard has(length, at: offset) else { return note(.tcpHeaderCut) }
    payload(at: offset + length)
    if rules.pointee.iwarp != .never, !has(.fragment) { message(of: offset, at: offset + length) }
  }

  private func message(of segment: Int, at offset: Int) {
    let isExpected =
      rules.pointee.isIWARP(bytes.networkUInt16(at: segment))
      || rules.pointee.isIWARP(bytes.networkUInt16(at: segment + 2))
    iwarp(at: offset, isExpected: isExpected)
  }
}
