// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Testing

@Suite struct SelectionTests {
  @Test(arguments: [0, 1, 2, 31, 32, 63, 64])
  func firstPlacesAreDenseAndCounted(count: Int) {
    let selection = Selection(first: count)
    #expect(selection.count == count)
    #expect(Array(selection) == Array(0..<count))
    #expect(selection.isDense)
    #expect(selection.isEmpty == (count == 0))
  }

  @Test func algebraIsThatOfSets() {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<200 {
      let (a, b) = (Selection(bits: generator.next()), Selection(bits: generator.next()))
      let (left, right) = (Set(a), Set(b))
      #expect(Set(a.union(b)) == left.union(right))
      #expect(Set(a.intersection(b)) == left.intersection(right))
      #expect(Set(a.subtracting(b)) == left.subtracting(right))
    }
  }

  @Test(arguments: [0, 1, 33, 63])
  func onePlaceIsInsertedAndRemoved(place: Int) {
    var selection = Selection()
    selection.insert(place)
    #expect(selection.contains(place))
    #expect(Array(selection) == [place])
    selection.remove(place)
    #expect(selection.isEmpty)
  }

  @Test func placesComeInTheirOrder() {
    #expect(Array(Selection(bits: 1 << 63 | 1 << 5 | 1)) == [0, 5, 63])
  }

  @Test(arguments: [(UInt64(0b111), true), (0b101, false), (0b110, false), (.max, true)])
  func gapsMakeASelectionSparse(bits: UInt64, isDense: Bool) {
    #expect(Selection(bits: bits).isDense == isDense)
  }
}
