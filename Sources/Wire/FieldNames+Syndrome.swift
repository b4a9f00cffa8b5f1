// SPDX-License-Identifier: BSD-3-Clause

/// What the syndrome of an AETH says (InfiniBand Architecture Specification, volume 1, 9.7.5.2).
extension FieldNames {
  static let syndromeKind = FieldNames(["ACK": 0, "RNR_NAK": 1, "Reserved": 2, "NAK": 3])

  /// Table 47.
  static let nakCode = FieldNames([
    "PSN_sequence_error": 0, "Invalid_request": 1, "Remote_access_error": 2,
    "Remote_operational_error": 3, "Invalid_RD_request": 4,
  ])

  /// Table 46, by code.
  static let creditsByCode: [Int] = [
    0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536,
    2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768,
  ]

  /// Code 31 says that credits are not used.
  static let credits = FieldNames(
    creditsByCode.enumerated().map { Entry(name: "\($1)_credits", value: UInt64($0)) }
      + [Entry(name: "unlimited", value: 31)])

  /// Table 45, in units of 10 us by code.
  private static let rnrTimersByCode: [Int] = [
    65536, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536,
    2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152,
  ]

  static let rnrTimer = FieldNames(
    rnrTimersByCode.enumerated().map { code, time in
      let fraction = time % 100 < 10 ? "0\(time % 100)" : "\(time % 100)"
      return Entry(name: "\(time / 100).\(fraction)ms", value: UInt64(code))
    })
}
