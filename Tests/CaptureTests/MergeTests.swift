// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Testing

struct MergeTests {
  let folder = TemporaryFolder()
  let file = PcapFile(isNanoseconds: true)

  /// An input whose packets have these times; each holds its input and its place in it.
  func input(_ number: UInt8, times: [UInt32], cut: Int = 0) throws -> CaptureReader {
    let records = times.enumerated().flatMap { file.record([number, UInt8($0)], fraction: $1) }
    let bytes = (file.header + records).dropLast(cut)
    return try CaptureReader(path: folder.file(Array(bytes), "\(number).pcap"))
  }

  func order(_ merged: MergedCapture) throws -> [[UInt8]] {
    var order: [[UInt8]] = []
    while let (packet, input) = try merged.next() {
      #expect(Int(packet.bytes[0]) == input)
      order.append(Array(packet.bytes))
    }
    return order
  }

  @Test func packetsComeInTheOrderOfTheirTimes() throws {
    let merged = MergedCapture([
      try input(0, times: [1, 4, 9]), try input(1, times: [2, 3, 10]), try input(2, times: []),
    ])
    #expect(try order(merged) == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 2], [1, 2]])
  }

  @Test func atEqualTimesTheEarlierInputComesFirst() throws {
    let merged = MergedCapture([
      try input(0, times: [5, 5]), try input(1, times: [5]), try input(2, times: [5]),
    ])
    #expect(try order(merged) == [[0, 0], [0, 1], [1, 0], [2, 0]])
  }

  @Test func aFileKeepsItsOwnOrderWhereItsTimesGoBack() throws {
    let merged = MergedCapture([try input(0, times: [5, 1, 7]), try input(1, times: [2, 6])])
    #expect(try order(merged) == [[1, 0], [0, 0], [0, 1], [1, 1], [0, 2]])
  }

  @Test func packetsOfManyReadsStayInOrder() throws {
    let times = (0..<2).map { input in (0..<200).map { UInt32(2 * $0 + input) } }
    let merged = MergedCapture([try input(0, times: times[0]), try input(1, times: times[1])])
    #expect(try order(merged) == (0..<400).map { [UInt8($0 % 2), UInt8($0 / 2)] })
  }

  @Test func anInputThatFailsLeavesTheOthersReadable() throws {
    let merged = MergedCapture([
      try input(0, times: [1, 2], cut: 1), try input(1, times: [3, 4]),
    ])
    #expect(try merged.next()?.input == 0)
    let error = #expect(throws: CaptureError.self) { _ = try merged.next() }
    #expect(error?.offset == 24 + 18)
    #expect(try order(merged) == [[1, 0], [1, 1]])
  }

  @Test func nothingMergesToNothing() throws {
    #expect(try MergedCapture([]).next() == nil)
  }
}
