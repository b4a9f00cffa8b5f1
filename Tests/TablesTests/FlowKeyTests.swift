// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing

@Suite struct FlowKeyTests {
  @Test(arguments: 0..<5)
  func keysDifferByAnyOfTheirWords(word: Int) {
    let one = FlowKey()
    var other = FlowKey()
    other.words[word] = 1
    #expect(one == FlowKey())
    #expect(one != other)
  }

  @Test func anEntryIsOneCacheLine() {
    #expect(MemoryLayout<FlowEntry>.stride == 64)
  }
}
