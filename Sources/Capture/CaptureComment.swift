// SPDX-License-Identifier: BSD-3-Clause

/// A comment that was registered with a `CaptureWriter`.
@frozen
public struct CommentID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32

  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  @inlinable public static var none: CommentID { CommentID(rawValue: 0) }
}

/// Comments as options of a pcapng packet block, encoded once however often they are written.
struct CommentTable {
  private var encoded: [[UInt8]] = [[]]
  private var known: [String: CommentID] = ["": .none]

  /// The most bytes of a text that are kept; a pcapng option has a 16-bit length.
  static let longestText = 4096
  /// What the longest option and the end of options after it take.
  static let longestEncoding = 4 + longestText + 3 + 4

  mutating func register(_ text: String) -> CommentID {
    if let id = known[text] { return id }
    let id = CommentID(rawValue: UInt32(encoded.count))
    encoded.append(Self.encode(text))
    known[text] = id
    return id
  }

  /// The options that carry the comment: none for an identifier that was never given out.
  subscript(id: CommentID) -> [UInt8] {
    let index = Int(id.rawValue)
    return encoded.indices.contains(index) ? encoded[index] : []
  }

  private static func encode(_ text: String) -> [UInt8] {
    var kept = Substring(text)
    while kept.utf8.count > longestText { kept = kept.dropLast() }
    var options = OutputBuffer(capacity: longestEncoding)
    options.append(1 as UInt16)  // opt_comment
    options.append(UInt16(kept.utf8.count))
    Array(kept.utf8).withUnsafeBytes { options.append($0) }
    options.pad(after: kept.utf8.count)
    options.append(0 as UInt32)  // opt_endofopt
    return Array(options.bytes)
  }
}
