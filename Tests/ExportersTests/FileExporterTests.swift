// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import RunningSluice
import Telemetry
import Testing

@testable import Exporters

/// Files of snapshots, read by others than their writers.
@Suite struct FileExporterTests {
  let folder = TemporaryFolder()

  func lines(of name: String) -> [String] {
    Folder.text(of: folder.place(name)).split(whereSeparator: \.isNewline).map(String.init)
  }

  func json(_ queuePairs: Int = 1000) throws(ExporterError) -> JSONExporter {
    try JSONExporter(path: folder.place("out.json"), interval: 1, queuePairs: queuePairs)
  }

  func csv(_ queuePairs: Int = 1000) throws(ExporterError) -> CSVExporter {
    try CSVExporter(path: folder.place("out.csv"), interval: 1, queuePairs: queuePairs)
  }

  @Test func eachSnapshotIsALineOfJSON() throws {
    let exporter = try json()
    exporter.export(.made())
    exporter.finish(.made(queuePairs: 3))
    let read = try lines(of: "out.json").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(read.count == 2)
    let telemetry = try #require(read[1]["telemetry"] as? [String: Any])
    let pairs = try #require(telemetry["queuePairs"] as? [[String: Any]])
    #expect(pairs.count == 3)
    #expect(pairs[0]["queuePair"] as? Int == 1)
    #expect((pairs[0]["metrics"] as? [String: Int])?["bytes"] == 30_000)
    let totals = try #require(telemetry["totals"] as? [String: Int])
    #expect(totals["packets"] == 60)
    #expect(totals.count == Metric.count)
    #expect(exporter.problem == nil)
  }

  @Test func queuePairsOfAFileAreLimited() throws {
    try json(1).finish(.made(queuePairs: 3))
    try csv(2).finish(.made(queuePairs: 3))
    #expect(lines(of: "out.json")[0].contains(#""source":"10.0.0.1""#))
    #expect(!lines(of: "out.json")[0].contains(#""source":"10.0.0.2""#))
    #expect(lines(of: "out.csv").count == 1 + 2)
  }

  @Test func eachQueuePairAndIntervalIsALineOfCSV() throws {
    let exporter = try csv()
    exporter.export(.made())
    exporter.finish(.made())
    let rows = lines(of: "out.csv").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 1 + 2 * 2)
    #expect(rows.allSatisfy { $0.count == 8 + Metric.count })
    let bytes = try #require(rows[0].firstIndex(of: "bytes"))
    #expect(rows[1][bytes] == "20000")
    #expect(
      rows[2].prefix(8).map(String.init) == [
        "1700000000250000000", "12.5", "10.0.0.2", "10.0.1.1", "2", "", "1700000000000000000",
        "1700000000200000000",
      ])
  }

  @Test func valuesWithCommasAreQuoted() throws {
    var snapshot = NICSnapshot.made(queuePairs: 1)
    snapshot.telemetry?.queuePairs[0].name.source = #"LID 7, "b""#
    try csv().finish(snapshot)
    #expect(lines(of: "out.csv")[1].contains(#",12.5,"LID 7, ""b""",10.0.1.1,"#))
  }

  @Test func aFileThatIsThereIsReplaced() throws {
    folder.write("old\n", to: "out.json")
    try json().finish(.made())
    #expect(!lines(of: "out.json").contains("old"))
  }

  @Test func aFileThatCannotBeMadeIsAnError() {
    let error = #expect(throws: ExporterError.self) {
      try JSONExporter(path: "/no/such/folder/a.json", interval: 1, queuePairs: 1)
    }
    #expect(error?.description == "cannot write /no/such/folder/a.json: No such file or directory")
  }

  @Test func aPipeThatNobodyReadsIsNoReasonToWait() {
    mkfifo(folder.place("pipe"), 0o600)
    let error = #expect(throws: ExporterError.self) {
      try JSONExporter(path: folder.place("pipe"), interval: 1, queuePairs: 1)
    }
    #expect(error?.description.hasSuffix(": No such device or address") ?? false)
  }

  @Test func aFullDiskIsAProblemAndTheExporterGoesOn() throws {
    let exporter = try JSONExporter(path: "/dev/full", interval: 1, queuePairs: 1)
    #expect(exporter.problem == nil)
    exporter.export(.made())
    let problem =
      "telemetry: json: cannot write /dev/full: No space left on device; what it does not take is"
      + " missing from it"
    #expect(exporter.problem == problem)
    exporter.finish(.made())
    #expect(exporter.problem == problem)
  }
}
