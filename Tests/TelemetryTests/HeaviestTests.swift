// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Telemetry

@Suite("The heaviest queue pairs")
struct HeaviestTests {
  @Test(arguments: [0, 1, 20, 999, 1000, 5000])
  func theyAreThoseThatSortingAllWouldGive(count: Int) {
    var generator = SystemRandomNumberGenerator()
    let all = (0..<1000).map { _ in UInt64.random(in: 0..<300, using: &generator) }
    var heaviest = Heaviest(count: count)
    for (number, bytes) in all.enumerated() { heaviest.add(number, bytes: bytes) }
    let sorted = all.indices.sorted { (all[$1], $0) < (all[$0], $1) }
    #expect(heaviest.numbers == Array(sorted.prefix(count)))
  }
}
