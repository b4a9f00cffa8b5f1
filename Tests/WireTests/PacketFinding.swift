// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// A packet that a fuzzer found, or that somebody made up who thought like one, and what is to be
/// seen in it. One who adds to them gives the fuzzer's file in hexadecimal: `xxd -p FILE`.
struct PacketFinding: Sendable, CustomStringConvertible {
  /// What is wrong with the packet, or unusual.
  let description: String
  /// The fuzzer's file, of which the first bytes are not the packet's: see `FuzzedPacket`.
  let input: [UInt8]
  let layers: Layers
  /// The name of the malformation, or none.
  let malformation: String
  /// Where the payload begins, counted from the start of the packet.
  let payload: Int

  init(
    _ description: String, _ hexadecimal: String, _ layers: Layers, _ malformation: String,
    payload: Int
  ) {
    self.description = description
    input = bytes(hexadecimal)
    self.layers = layers
    self.malformation = malformation
    self.payload = payload
  }

  static let all = link + network + chains + transport
}

/// Two digits make a byte; space between them is for people.
private func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] << 4 | digits[$0 + 1])
  }
}
