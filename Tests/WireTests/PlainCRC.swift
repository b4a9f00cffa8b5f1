// SPDX-License-Identifier: BSD-3-Clause

/// The definition of CRC-32, bit by bit, to hold the fast ones against.
enum PlainCRC {
  /// What a remainder becomes over a byte.
  static func remainder(_ remainder: UInt32, over byte: UInt8) -> UInt32 {
    (0..<8).reduce(remainder ^ UInt32(byte)) { remainder, _ in
      remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xedb8_8320)
    }
  }

  static func value(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xffff_ffff) { remainder($0, over: $1) }
  }
}
