// SPDX-License-Identifier: BSD-3-Clause

/// The first two bytes of a DDP segment, the second of which is RDMAP's (RFC 5041, 4.1; RFC 5040,
/// 4.1).
struct DDPControl {
  let rawValue: UInt16

  var isTagged: Bool { rawValue & 0x8000 != 0 }
  var placementVersion: UInt16 { rawValue >> 8 & 3 }
  var protocolVersion: UInt16 { rawValue >> 6 & 3 }
  var opcode: UInt8 { UInt8(truncatingIfNeeded: rawValue & 0xf) }

  /// Both bytes, the rest of the header included.
  var headerLength: Int { isTagged ? DDP.taggedLength : DDP.untaggedLength }

  /// Whether the reserved bits are 0 and the opcode is one that goes with the tag.
  var isConsistent: Bool {
    guard rawValue & 0x3c30 == 0 else { return false }
    return isTagged ? opcode == DDP.write || opcode == DDP.readResponse : queue != nil
  }

  var isVersion1: Bool { placementVersion == 1 && protocolVersion == 1 }

  /// The queue that untagged messages of this kind go to (RFC 5040, 5; RFC 7306, 4).
  var queue: UInt32? {
    switch opcode {
    case DDP.readRequest: 1
    case 3...6, 8, 9: 0
    case 7: 2
    case 10: 1
    case 11: 3
    default: nil
    }
  }
}

/// Direct data placement (RFC 5041), and what RDMAP carries in it (RFC 5040).
enum DDP {
  /// Control, steering tag, offset.
  static let taggedLength = 14
  /// Control, 4 bytes of the upper layer, queue, message and offset.
  static let untaggedLength = 18
  /// Behind the header of a read request: both ends' memory, and how much of it.
  static let readRequestLength = 28

  static let write: UInt8 = 0
  static let readRequest: UInt8 = 1
  static let readResponse: UInt8 = 2
  /// Sends that invalidate a tag, with a solicited event or without.
  static let invalidating: [2 of UInt8] = [4, 6]
}

extension HeaderWalk {
  /// The frame at `offset`, behind a marker or not. Nothing but its own bytes says that it is one,
  /// so those are asked first: on a port of iWARP 12 bits, which of segments that begin within a
  /// frame one in thousands has right.
  func placement(at offset: Int, _ isMarked: Bool, _ isExpected: Bool) {
    let segment = offset + MPA.lengthLength
    guard has(MPA.lengthLength + 2, at: offset) else { return }
    let control = DDPControl(rawValue: bytes.networkUInt16(at: segment))
    let length = bytes.networkUInt16(at: offset)
    guard control.isConsistent else { return }
    if isExpected { judge(control, length, at: offset, isMarked) }
    guard control.isVersion1, Int(length) >= control.headerLength,
      has(control.headerLength, at: segment),
      isExpected || looksSound(control, length, at: offset, isMarked)
    else { return }
    let marker = isMarked ? nil : markerWithin(length, at: offset)
    if let marker, marker < MPA.lengthLength + control.headerLength { return }
    found(control, length, at: offset, isMarked)
    if control.opcode == DDP.readRequest, marker == nil { readRequest(length, at: segment) }
  }

  private func found(
    _ control: DDPControl, _ length: UInt16, at offset: Int, _ isMarked: Bool
  ) {
    headers.pointee.layers.insert(control.isTagged ? .ddpTagged : .ddpUntagged)
    headers.pointee[.rdma] = offset
    headers.pointee[.operation] = offset + MPA.lengthLength
    payload(at: offset + MPA.lengthLength + control.headerLength)
    let end = frameEnd(length, at: offset, isMarked)
    if end <= wireEnd { headers.pointee.rdmaEnd = UInt16(exactly: end) ?? 0 }
  }

  private func readRequest(_ length: UInt16, at segment: Int) {
    let end = DDP.untaggedLength + DDP.readRequestLength
    if Int(length) >= end, has(end, at: segment) { payload(at: segment + end) }
  }

  private func frameEnd(_ length: UInt16, at offset: Int, _ isMarked: Bool) -> Int {
    isMarked
      ? offset - MPA.markerLength + MPA.markedLength(length) : offset + MPA.frameLength(length)
  }
}

/// How sure a frame is.
extension HeaderWalk {
  /// Names what is wrong with a segment on a port of iWARP, but only where its queue number proves
  /// that it is a frame: any other may begin in the middle of one.
  private func judge(_ control: DDPControl, _ length: UInt16, at offset: Int, _ isMarked: Bool) {
    guard hasItsQueue(control, at: offset) else { return }
    if control.isVersion1 {
      if Int(length) < control.headerLength { note(.ddpHeaderCut) }
    } else if frameEnd(length, at: offset, isMarked) == wireEnd {
      note(control.placementVersion == 1 ? .rdmapVersion : .ddpVersion)
    }
  }

  private func hasItsQueue(_ control: DDPControl, at offset: Int) -> Bool {
    let place = offset + MPA.lengthLength
    guard !control.isTagged, has(10, at: place) else { return false }
    return bytes.networkUInt32(at: place + 6) == control.queue
  }

  /// Whether a segment on any port is taken for iWARP: its frame ends with it, or another follows
  /// or only markers are left over. A frame that goes on in the next segment has to fill its own,
  /// and to name the right queue; without one, 12 bits would be all that speaks for it.
  private func looksSound(
    _ control: DDPControl, _ length: UInt16, at offset: Int, _ isMarked: Bool
  ) -> Bool {
    let end = frameEnd(length, at: offset, isMarked)
    let isQueued = hasItsQueue(control, at: offset)
    guard control.isTagged || isQueued else { return false }
    guard end <= wireEnd else {
      return isQueued && wireEnd - offset >= MPA.leastFullSegment
    }
    return end == wireEnd || isMarkersOnly(wireEnd - end, Int(length)) || isFrame(at: end)
  }

  private func isMarkersOnly(_ rest: Int, _ length: Int) -> Bool {
    rest % MPA.markerLength == 0
      && rest / MPA.markerLength <= length / (MPA.markerInterval - MPA.markerLength) + 1
  }

  private func isFrame(at offset: Int) -> Bool {
    guard has(MPA.lengthLength + 2, at: offset) else { return false }
    let control = DDPControl(rawValue: bytes.networkUInt16(at: offset + MPA.lengthLength))
    return control.isConsistent && control.isVersion1
  }

  /// Where a marker stands in the headers of a frame that did not begin with one, from the frame's
  /// beginning. It has that distance in it (some write it in little-endian order), and it and those
  /// that follow it every 512 bytes are what the segment has more than the frame. Where the
  /// connection's markers are cannot be known otherwise.
  private func markerWithin(_ length: UInt16, at offset: Int) -> Int? {
    let excess = wireEnd - offset - MPA.frameLength(length)
    guard excess > 0, excess % MPA.markerLength == 0 else { return nil }
    let limit = min(readable - offset, DDP.untaggedLength + DDP.readRequestLength + 2)
    var place = MPA.markerLength
    while place + MPA.markerLength <= limit {
      let marker = bytes.networkUInt32(at: offset + place)
      let markers = (wireEnd - offset - place - 1) / MPA.markerInterval + 1
      let isDistance = marker == UInt32(place) || marker == UInt32(place) << 8
      if isDistance, markers * MPA.markerLength == excess { return place }
      place += MPA.markerLength
    }
    return nil
  }
}
