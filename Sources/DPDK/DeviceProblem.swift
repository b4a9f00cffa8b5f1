// SPDX-License-Identifier: BSD-3-Clause

/// What is wrong with a device string, and where.
public struct DeviceProblem: Error, Equatable, CustomStringConvertible {
  public let message: String
  /// The place in the device string, in UTF-8 bytes.
  public let offset: Int
  public let length: Int
  public let fix: String?

  init(message: String, at place: (offset: Int, length: Int), fix: String?) {
    self.message = message
    offset = place.offset
    length = place.length
    self.fix = fix
  }

  public var description: String { message + (fix.map { "; \($0)" } ?? "") }
}

/// Finds what somebody may have meant.
enum Spelling {
  /// The candidate that differs from the word in the fewest letters, when these are few.
  static func nearest(_ word: String, _ candidates: [String]) -> String? {
    let word = word.lowercased()
    let ranked = candidates.map { (name: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, min(word.utf8.count, best.name.utf8.count) / 3)
      ? best.name : nil
  }

  /// How many letters to insert, remove or change.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // A word of a hostile length is like nothing.
    guard left.count <= 64 else { return .max }
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let change = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(change, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
