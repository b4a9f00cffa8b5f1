// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias UET = UETSamples

struct UETFieldTests {
  @Test(arguments: UETReading.all)
  func fieldsHaveTheirValuesOrAreAbsent(reading: UETReading) throws {
    let source = FieldPackets(UET.datagram(reading.packet))
    for (name, expected) in reading.values {
      let field = try #require(FieldTable.field(named: name), "\(name)")
      #expect(field.value(in: source).map(field.text(of:)) == expected, "\(name)")
    }
  }

  /// A condition over a field that the packet lacks is false either way.
  @Test func conditionsOverAbsentFieldsAreFalse() throws {
    let request = FieldPackets(UET.datagram(UET.XDP2.request))
    let answer = FieldPackets(UET.datagram(UET.XDP2.acknowledgement))
    let marked = Predicate(try Expression.parse("uet.ecn_marked"))
    let unmarked = Predicate(try Expression.parse("uet.ecn_marked == false"))
    #expect([marked.evaluate(1, request), unmarked.evaluate(1, request)] == [0, 0])
    #expect([marked.evaluate(1, answer), unmarked.evaluate(1, answer)] == [1, 0])
  }

  @Test func windowsOfPartsLieWithinTheirHeaders() {
    for field in FieldTable.all {
      for place in field.places.all where place.origin.isInHeader {
        #expect(place.bit + place.width <= place.headerLength * 8, "\(field.name)")
        for word in [place.words.high, place.words.low].compactMap({ $0 }) {
          #expect(Int(word.start) + 8 <= place.headerLength, "\(field.name)")
          #expect(Int(word.start) >= min(0, place.headerLength - 8), "\(field.name)")
        }
      }
    }
  }
}
