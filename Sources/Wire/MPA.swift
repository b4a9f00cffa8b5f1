// SPDX-License-Identifier: BSD-3-Clause

/// Marker PDU aligned framing, by which iWARP finds its messages in a TCP stream (RFC 5044).
public enum MPA {
  /// A request or reply that starts a connection: a key of 16 bytes, flags, revision, and how much
  /// private data follows (7.1.1).
  static let startLength = 20
  static let mostPrivateData = 512
  /// Four bytes that may stand in the stream every 512 bytes: 2 reserved, and how far back the
  /// frame begins (4.3).
  static let markerLength = 4
  static let markerInterval = 512
  /// The length in front of a frame, and the CRC behind it.
  static let lengthLength = 2
  static let checkLength = 4
  /// What a segment can hold that goes out full, at the least (RFC 9293, 3.7.1).
  static let leastFullSegment = 536

  /// The bytes of a frame, markers not counted: length, ULPDU, padding to words of 4, CRC (4.1).
  static func frameLength(_ length: UInt16) -> Int {
    (lengthLength + Int(length) + 3) / 4 * 4 + checkLength
  }

  /// The same and its markers, from a marker on with which it begins.
  static func markedLength(_ length: UInt16) -> Int {
    let room = markerInterval - markerLength
    let frame = frameLength(length)
    return frame + (frame + room - 1) / room * markerLength
  }
}

extension HeaderWalk {
  /// What a TCP segment carries, where the rules take it for iWARP: a message that starts a
  /// connection, or the first frame that begins with the segment. Implementations send frames that
  /// do (RFC 5044, 5.1); in the middle of one a segment is TCP and no more.
  func iwarp(at offset: Int, isExpected: Bool) {
    guard isExpected || rules.pointee.iwarp == .detect else { return }
    if let start = connectionStart(at: offset) { return self.start(start, at: offset, isExpected) }
    guard has(MPA.markerLength, at: offset) else { return }
    let isMarked = bytes.networkUInt32(at: offset) == 0
    placement(at: isMarked ? offset + MPA.markerLength : offset, isMarked, isExpected)
  }

  /// How much private data follows, when the segment begins with one of the two keys,
  /// "MPA ID Req Frame" and "MPA ID Rep Frame".
  private func connectionStart(at offset: Int) -> Int? {
    guard has(MPA.startLength, at: offset), bytes.networkUInt32(at: offset) == 0x4d50_4120,
      bytes.networkUInt32(at: offset + 4) == 0x4944_2052,
      bytes.networkUInt32(at: offset + 8) & 0xfffe_ffff == 0x6570_2046,
      bytes.networkUInt32(at: offset + 12) == 0x7261_6d65
    else { return nil }
    return Int(bytes.networkUInt16(at: offset + 18))
  }

  private func start(_ privateData: Int, at offset: Int, _ isExpected: Bool) {
    headers.pointee.layers.insert(.mpaStart)
    headers.pointee[.rdma] = offset
    let length = MPA.startLength + privateData
    if offset + length <= wireEnd {
      headers.pointee.rdmaEnd = UInt16(exactly: offset + length) ?? 0
    }
    payload(at: offset + MPA.startLength)
    if isExpected, privateData > MPA.mostPrivateData { note(.mpaPrivateData) }
  }
}
