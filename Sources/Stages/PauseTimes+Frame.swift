// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Wire

extension PauseTimes {
  /// What a frame asks for that `layers` calls one of flow control, from its opcode on.
  ///
  /// A PAUSE frame stops all priorities (IEEE 802.3, 31B.3); a PFC frame has a vector, whose upper
  /// byte is reserved, and eight times.
  init(_ bytes: UnsafeRawPointer, _ layers: Layers) {
    let first = bytes.networkUInt16(at: 2)
    guard layers.contains(.pfc) else {
      self.init(vector: 0xff, all: first)
      return
    }
    self.init(vector: UInt8(truncatingIfNeeded: first), all: 0)
    for priority in 0..<PauseTimes.priorities {
      quanta[priority] = bytes.networkUInt16(at: 4 &+ 2 &* priority)
    }
  }
}
