// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@Suite struct QueuePairNameTests {
  @Test func namesEndsAndNumber() {
    let name = QueuePairName(source: "10.0.0.1", destination: "10.0.0.2", queuePair: 0x11a)
    #expect(name.description == "10.0.0.1>10.0.0.2/0x00011a")
  }

  @Test func namesTheTunnel() {
    let name = QueuePairName(source: "a", destination: "b", queuePair: 1, tunnel: 5001)
    #expect(name.description == "a>b/0x000001@5001")
  }
}
