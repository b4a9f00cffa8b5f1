// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Tables

@Suite struct ConnectionMemoryTests: ~Copyable {
  let memory = ConnectionMemory(FlowHash(seed: 1))

  func request(_ number: Int, queuePair: UInt32? = nil) -> ConnectionMemory.Request {
    var ends = FlowKey()
    ends.words[0] = UInt64(number) << 32 | 0x0a00_0001
    ends.words[4] = 1 << 24
    return ConnectionMemory.Request(
      ends: ends, identifier: UInt32(number), queuePair: queuePair ?? UInt32(number) + 1,
      sequence: 7)
  }

  func answer(_ number: Int, with queuePair: UInt32 = 99) -> UInt32? {
    memory.request(
      UInt32(number), between: request(number).ends, answeredWith: queuePair)?.queuePair
  }

  @Test func hundredsOfConnectionsAreOpenedAtOnce() {
    for number in 1...500 { memory.remember(request(number)) }
    let found = (1...500).filter { answer($0) == UInt32($0) + 1 }
    #expect(found.count >= 499)
  }

  @Test func aReplyIsNewOnce() {
    memory.remember(request(3))
    #expect(answer(3) == 4)
    #expect(answer(3) == nil)
    #expect(answer(3, with: 100) == 4)
  }

  @Test func aRequestThatIsSentAgainChangesNothing() {
    memory.remember(request(3))
    #expect(answer(3) == 4)
    memory.remember(request(3))
    #expect(answer(3) == nil)
  }

  @Test func anotherRequestOfTheSameNumberTakesThePlace() {
    memory.remember(request(3))
    memory.remember(request(3, queuePair: 50))
    #expect(answer(3) == 50)
  }

  @Test func oldRequestsGiveWayToNewOnes() {
    for number in 1...100_000 { memory.remember(request(number)) }
    #expect(answer(100_000) == 100_001)
    #expect((1...50_000).allSatisfy { answer($0) == nil })
  }
}
