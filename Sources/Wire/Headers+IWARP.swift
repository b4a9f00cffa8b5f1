// SPDX-License-Identifier: BSD-3-Clause

/// What of an iWARP frame depends on its opcode: each asks for `ddpUntagged` among the layers.
extension Headers {
  func hasPlacementPart(_ part: FieldOrigin, _ bytes: UnsafeRawPointer) -> Bool {
    let opcode = bytes.byte(at: self[.operation] + 1) & 0xf
    switch part {
    case .ddpInvalidation:
      return opcode == DDP.invalidating[0] || opcode == DDP.invalidating[1]
    case .readRequest:
      // The payload begins behind it, unless a marker or a snap length parts it.
      let end = self[.operation] + DDP.untaggedLength + DDP.readRequestLength
      return opcode == DDP.readRequest && self[.payload] == end
    default: return false
    }
  }
}

extension MPA {
  /// What a look at the CRC of a segment's first frame finds: 0 says that the sender computed none,
  /// as implementations do that have not agreed on one. `bytes` is the packet's start, `headers`
  /// what `parse` found.
  ///
  /// It covers the frame from its length to its padding, the markers in it, and the one in front of
  /// it. Where there may be markers that nothing tells of, it is not known whether it is wrong.
  public static func checkState(of bytes: UnsafeRawPointer, _ headers: Headers) -> ChecksumState {
    let start = headers[.rdma]
    let end = Int(headers.rdmaEnd) - checkLength
    guard !headers.layers.isDisjoint(with: .ddp), end > start, end + checkLength <= headers.end
    else { return .unknown }
    // The only number of iWARP that is sent with its low byte first.
    let found = bytes.networkUInt32(at: end).byteSwapped
    if found == 0 { return .absent }
    let isMarked =
      bytes.networkUInt32(at: start - markerLength) == 0 && isBehindMarker(bytes, headers)
    let first = isMarked ? start - markerLength : start
    if check(of: bytes + first, count: end - first) == found { return .correct }
    let isAlone = end + checkLength == headers.end
    return isMarked || isAlone ? .wrong : .unknown
  }

  private static func check(of bytes: UnsafeRawPointer, count: Int) -> UInt32 {
    var check = CRC32C()
    check.add(bytes, count: count)
    return check.value
  }

  /// Whether the frame begins behind a marker with which the segment begins.
  private static func isBehindMarker(_ bytes: UnsafeRawPointer, _ headers: Headers) -> Bool {
    let isInner = headers.layers.contains(.innerTCP)
    let segment = headers[isInner ? .innerTransport : .transport]
    let length = Int(bytes.byte(at: segment + 12) >> 4) * 4
    return headers[.rdma] == segment + length + markerLength
  }
}
