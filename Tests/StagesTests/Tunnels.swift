// SPDX-License-Identifier: BSD-3-Clause
import Bench

/// The packet in a tunnel: `outer` are words of the IP layer, `header` what comes behind UDP.
func tunnelled(
  _ inner: [UInt8], outer: String = "ipv4", port: Int = 4789,
  header: [UInt8] = [8, 0, 0, 0, 0, 0x13, 0x89, 0]
) -> [UInt8] {
  let count = header.count + inner.count
  let bytes = packet("eth / \(outer) / udp 50000 > \(port) nochecksum / \(count)B")
  return Array(bytes.dropLast(count)) + header + inner
}

/// Every beginning of a packet, and the packet with each of its first bytes changed.
func damaged(_ packet: [UInt8]) -> [[UInt8]] {
  let cut = packet.indices.map { Array(packet[..<$0]) }
  let changed = packet.indices.prefix(150).flatMap { place -> [[UInt8]] in
    ([0x01, 0x80, 0xff] as [UInt8]).map { mask -> [UInt8] in
      var copy = packet
      copy[place] ^= mask
      return copy
    }
  }
  return cut + changed
}

/// The bytes, one part behind the other.
func joined(_ parts: ArraySlice<UInt8>...) -> [UInt8] { Array(parts.joined()) }
