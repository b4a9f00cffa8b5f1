// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// The addresses that receive, found by the first packet of each queue pair.
struct Receivers {
  /// Number 0 is for all addresses that there is no room for.
  let start: UnsafeMutablePointer<Receiver>
  let capacity: Int
  private(set) var count = 1
  /// Numbers of receivers by a hash of their address; 0 where there is none.
  private let slots: UnsafeMutablePointer<UInt16>
  private let mask: Int
  private let hash: FlowHash

  /// - Parameter capacity: at most 65536.
  init(capacity: Int, seed: UInt64) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
    start.initialize(repeating: Receiver(), count: capacity)
    var size = 64
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    slots = .allocate(capacity: size)
    slots.initialize(repeating: 0, count: size)
    hash = FlowHash(seed: seed)
  }

  func free() {
    start.deallocate()
    slots.deallocate()
  }

  var byteCount: Int {
    capacity * MemoryLayout<Receiver>.stride + (mask + 1) * MemoryLayout<UInt16>.stride
  }

  /// The number of the one that packets with this key go to.
  mutating func number(of key: FlowKey) -> Int {
    let (high, low) = key.destinationWords
    let address = FlowKey(destination: (high, low), network: key.ends.words[4])
    var slot = Int(truncatingIfNeeded: hash(address)) & mask
    while slots[slot] != 0 {
      let known = start + Int(slots[slot])
      if known.pointee.high == high, known.pointee.low == low,
        known.pointee.network == address.words[4]
      {
        return Int(slots[slot])
      }
      slot = (slot &+ 1) & mask
    }
    guard count < capacity else { return 0 }
    start[count].high = high
    start[count].low = low
    start[count].network = address.words[4]
    slots[slot] = UInt16(truncatingIfNeeded: count)
    count &+= 1
    return count &- 1
  }
}

extension Receiver {
  /// A key that has nothing but the address, as its destination.
  var key: FlowKey { FlowKey(destination: (high, low), network: network) }
}
