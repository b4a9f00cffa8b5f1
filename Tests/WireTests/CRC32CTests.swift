// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

/// RFC 3720, B.4.
struct CRC32CTests {
  @Test(
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
      ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
      ((0..<32).map { UInt8($0) }, 0x46dd_794e),
      ((0..<32).reversed().map { UInt8($0) }, 0x113f_db5c),
      (Array("123456789".utf8), 0xe306_9283), ([], 0),
    ] as [([UInt8], UInt32)])
  func vectorsOfTheSpecificationHold(bytes: [UInt8], value: UInt32) {
    var check = CRC32C()
    bytes.withUnsafeBytes { buffer in
      if let start = buffer.baseAddress { check.add(start, count: buffer.count) }
    }
    #expect(check.value == value)
    // In two parts it comes to the same.
    var parts = CRC32C()
    bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress, buffer.count > 5 else { return }
      parts.add(start, count: 5)
      parts.add(start + 5, count: buffer.count - 5)
      #expect(parts.value == value)
    }
  }
}
