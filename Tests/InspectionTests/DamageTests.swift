// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Testing

@testable import Inspection

/// Captures with wrong bytes anywhere: whatever is shown or counted, nothing traps.
struct DamageTests {
  static let names = ["incast", "rc_ops_v6", "rc_ops_vlan", "rc_write_ce"]

  @Test(arguments: names)
  func wrongBytesAnywhereDoNoHarm(name: String) throws {
    let file = Self.contents(of: "\(Self.pcaps)/\(name).pcap").prefix(20_000)
    try #require(file.count == 20_000)
    let path = "/tmp/sluice-inspection-\(getpid())-\(name).pcap"
    defer { unlink(path) }
    var dice = Dice(state: 1)
    for _ in 0..<60 {
      var bytes = Array(file)
      for _ in 0..<Int.random(in: 1...200, using: &dice) {
        let place = Int.random(in: 24..<bytes.count, using: &dice)
        bytes[place] = UInt8.random(in: 0...255, using: &dice)
      }
      Self.write(bytes, to: path)
      inspect(path)
    }
  }

  private func inspect(_ path: String) {
    var shown = 0
    let host = InspectionHost(
      isStopped: { false }, progress: { _ in },
      write: {
        shown += $0.count
        return true
      })
    let inspection = Inspection(InspectionOptions(files: [path]), host)
    let forms: [Inspection.Form] = [
      .lines, .details, .json(.everything(files: 1)), .tabs(.everything(files: 2)),
    ]
    for form in forms { _ = inspection.show(as: form, time: .absolute) }
    let summary = inspection.summarize(busiest: 5)
    #expect(shown > 0)
    #expect(!summary.text.isEmpty)
    #expect(summary.protocols.reduce(0) { $0 + $1.count.packets } == summary.total.packets)
  }

  static let pcaps =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Pcaps"

  private static func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
