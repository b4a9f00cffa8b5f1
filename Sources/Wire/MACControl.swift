// SPDX-License-Identifier: BSD-3-Clause

/// MAC control frames that stop a sender: PAUSE (IEEE 802.3, Annex 31B) and priority-based flow
/// control (IEEE 802.1Qbb).
public enum MACControl {
  static let pause: UInt16 = 0x0001
  static let priorityFlowControl: UInt16 = 0x0101
  /// Opcode and one pause time.
  static let pauseLength = 4
  /// Opcode, class-enable vector and eight pause times.
  static let priorityLength = 20
}

extension HeaderWalk {
  mutating func macControl(at offset: Int) {
    guard has(2, at: offset) else { return note(.macControlCut) }
    switch bytes.networkUInt16(at: offset) {
    case MACControl.pause: stop(.pause, at: offset, length: MACControl.pauseLength)
    case MACControl.priorityFlowControl:
      stop(.pfc, at: offset, length: MACControl.priorityLength)
    default: break
    }
  }

  private func stop(_ layer: Layers, at offset: Int, length: Int) {
    guard has(length, at: offset) else { return note(.macControlCut) }
    guard !isInner else { return }
    headers.pointee.layers.insert(layer)
    payload(at: offset + length)
  }
}
