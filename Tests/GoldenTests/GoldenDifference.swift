// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice

/// What is different between two runs, in words that name the file, the packet and the field.
enum GoldenDifference {
  /// So many packets or counters are told of each file.
  static let most = 10

  static func between(_ actual: GoldenRun, expected: GoldenRun) -> [String] {
    var found: [String] = []
    for name in Set(actual.files.keys).union(expected.files.keys).sorted() {
      guard let new = actual.files[name] else {
        found.append("\(name) was not written")
        continue
      }
      guard let old = expected.files[name] else {
        found.append("\(name) was not expected")
        continue
      }
      found += files(new, expected: old).map { "\(name): \($0)" }
    }
    return found + reports(actual.report, expected: expected.report)
  }

  private static func files(_ actual: [UInt8], expected: [UInt8]) -> [String] {
    let (new, old) = (CaptureFile(actual), CaptureFile(expected))
    if let damage = new.damage { return [damage] }
    var found = packets(new.packets, expected: old.packets)
    if found.isEmpty && actual != expected {
      found.append("the packets are the same, and the files' other bytes are not")
    }
    return found
  }

  /// Walks both lists side by side; a packet that one of them lacks does not shift the rest.
  static func packets(_ actual: [FilePacket], expected: [FilePacket]) -> [String] {
    var found: [String] = []
    var (new, old) = (actual[...], expected[...])
    while let is_ = new.first, let was = old.first, found.count < most {
      let number = old.startIndex + 1
      if is_ == was {
        new.removeFirst()
        old.removeFirst()
      } else if new.count < old.count, old.dropFirst().first == is_ {
        found.append("packet \(number) is missing: \(PacketDifference.summary(of: was))")
        old.removeFirst()
      } else if new.count > old.count, new.dropFirst().first == was {
        found.append(
          "before packet \(number) is one too many: \(PacketDifference.summary(of: is_))")
        new.removeFirst()
      } else {
        found += PacketDifference.between(is_, expected: was).map { "packet \(number): \($0)" }
        new.removeFirst()
        old.removeFirst()
      }
    }
    if new.isEmpty, let lost = old.first {
      let packet = PacketDifference.summary(of: lost)
      found.append("packet \(old.startIndex + 1) is missing, and \(old.count - 1) more: \(packet)")
    }
    if old.isEmpty, !new.isEmpty { found.append("\(new.count) packets too many at the end") }
    return found
  }

  static func reports(_ actual: String, expected: String) -> [String] {
    guard actual != expected else { return [] }
    guard let new = ReportFigures(actual)?.values, let old = ReportFigures(expected)?.values else {
      return ["report: not JSON"]
    }
    let found = Set(new.keys).union(old.keys).sorted().filter { new[$0] != old[$0] }.map {
      "report: \($0) is \(new[$0] ?? "not there"), expected \(old[$0] ?? "nothing")"
    }
    return found.isEmpty ? ["report: the order of its parts is different"] : found
  }
}
