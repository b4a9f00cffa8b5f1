// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

extension CRC32 {
  mutating func add(_ bytes: some Collection<UInt8>) {
    Array(bytes).withUnsafeBytes { buffer in
      if let start = buffer.baseAddress { add(start, count: buffer.count) }
    }
  }

  fileprivate static func value(of bytes: some Collection<UInt8>) -> UInt32 {
    var crc = CRC32()
    crc.add(bytes)
    return crc.value
  }
}

struct CRC32Tests {
  /// The check value of CRC-32/ISO-HDLC in the catalogue of CRCs, and others of zlib's.
  @Test(arguments: [
    ("", 0), ("a", 0xe8b7_be43), ("abc", 0x3524_41c2), ("123456789", 0xcbf4_3926),
    ("The quick brown fox jumps over the lazy dog", 0x414f_a339),
  ])
  func textsHaveTheirPublishedValues(_ text: String, _ value: UInt32) {
    #expect(CRC32.value(of: text.utf8) == value)
  }

  @Test func everyLengthGivesTheDefinedValue() {
    var random = SplitMix(state: 1)
    for count in 0..<600 {
      let bytes = random.bytes(count)
      #expect(CRC32.value(of: bytes) == PlainCRC.value(of: bytes))
    }
  }

  @Test func piecesMakeTheWholeAtEverySplit() {
    let bytes = SplitMix.bytes(300, seed: 2)
    for split in 0...bytes.count {
      var crc = CRC32()
      crc.add(bytes[..<split])
      crc.add(bytes[split...])
      #expect(crc.value == PlainCRC.value(of: bytes))
    }
  }

  @Test func aSumIsResumedFromItsValue() {
    let bytes = SplitMix.bytes(100, seed: 3)
    var crc = CRC32(resuming: CRC32.value(of: bytes[..<40]))
    crc.add(bytes[40...])
    #expect(crc.value == PlainCRC.value(of: bytes))
  }

  @Test func advancingOverZerosEqualsClockingThem() {
    let start: UInt32 = 0x1234_5678
    var clocked = start
    for count in UInt16.min...UInt16.max {
      #expect(CRC32.remainder(start, overZeros: count) == clocked)
      clocked = PlainCRC.remainder(clocked, over: 0)
    }
  }

  @Test func everyBitOfARemainderIsAdvanced() {
    for bit in 0..<32 {
      let start: UInt32 = 1 << bit
      let clocked = (0..<1000).reduce(start) { clocked, _ in
        PlainCRC.remainder(clocked, over: 0)
      }
      #expect(CRC32.remainder(start, overZeros: 1000) == clocked)
    }
  }

  @Test(arguments: [0, 1, 15, 16, 255, 256, 257, 4096, 65535])
  func zerosCanBeAddedWithoutBytes(_ count: Int) {
    var skipped = CRC32(resuming: 0xcbf4_3926)
    var added = skipped
    skipped.addZeros(UInt16(count))
    added.add([UInt8](repeating: 0, count: count))
    #expect(skipped.value == added.value)
  }
}

extension SplitMix {
  static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix(state: seed)
    return random.bytes(count)
  }
}
