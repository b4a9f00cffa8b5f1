// SPDX-License-Identifier: BSD-3-Clause

import Wire

/// A packet or Endace record as a file has it, valid until the next one is read.
struct FileRecord {
  let bytes: UnsafeRawBufferPointer
  let nanoseconds: UInt64
  let originalLength: UInt32
  let content: RecordContent
}

/// What the records of a file, or of one interface in it, are.
enum RecordContent: Hashable {
  case packets(LinkType)
  /// Each with a header that says what it carries.
  case endace
  /// With libpcap's name of the link type.
  case unsupported(String)
}

/// Why a file cannot be read on.
enum ReadFailure: Error {
  case damage(String, at: UInt64)
  case refusal(CaptureError)
}

/// Reads the records of one file format; its first interface is known from the beginning.
protocol RecordReader: AnyObject {
  var content: RecordContent { get }
  /// The most bytes that the file says to keep of a packet.
  var snapLength: Int { get }
  /// What has to be asked before `next`, where there is such a thing.
  var plain: (any PlainReader)? { get }
  /// Nil at the end of the file.
  func next() throws(ReadFailure) -> FileRecord?
}

/// Reads packets that need no second look, several at a time, ahead of a `RecordReader` of the same
/// file.
protocol PlainReader: AnyObject {
  /// Puts packets into `packets` and says how many; 0 where the record reader has to go on.
  /// They are valid until the next call of either.
  func read(into packets: UnsafeMutablePointer<CapturedPacket>, atMost most: Int) -> Int
}
