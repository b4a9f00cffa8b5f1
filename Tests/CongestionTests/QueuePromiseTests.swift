// SPDX-License-Identifier: BSD-3-Clause
import Testing

@Suite("Queues and pauses") struct QueuePromiseTests {
  @Test func promisesHoldWhateverHappensWhenever() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<1000 {
      let bytes = (0..<Int.random(in: 5...300, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      #expect(QueuePromises.broken(by: bytes) == nil, "\(bytes)")
    }
  }
}
