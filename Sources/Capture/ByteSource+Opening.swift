// SPDX-License-Identifier: BSD-3-Clause

extension ByteSource {
  /// Throws when the file's first bytes say that no reader will do.
  func refuseUnsuitable() throws(CaptureError) {
    if head.isEmpty {
      throw CaptureError(
        file: file, problem: "the file is empty", offset: 0,
        advice: "a capture without packets still has a header: was it written to the end?")
    }
    let name = isStandardInput ? "FILE" : file
    for (magic, method, command) in Self.compressions where head.starts(with: magic) {
      throw CaptureError(
        file: file, problem: "it is compressed with \(method)",
        advice: "decompress it into standard input: \(command) \(name) | sluice ... with - as file")
    }
  }

  private static let compressions: [(magic: [UInt8], method: String, command: String)] = [
    ([0x1F, 0x8B], "gzip", "gzip -dc"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstd -dc"),
    ([0xFD, 0x37, 0x7A, 0x58], "xz", "xz -dc"),
    ([0x42, 0x5A, 0x68], "bzip2", "bzip2 -dc"),
    ([0x04, 0x22, 0x4D, 0x18], "lz4", "lz4 -dc"),
  ]
}
