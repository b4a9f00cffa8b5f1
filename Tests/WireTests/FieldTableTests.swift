// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

struct FieldTableTests {
  @Test func namesAreUnique() {
    let names = FieldTable.all.map(\.name) + FieldTable.protocols.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func everyFieldIsFoundByItsName() {
    for field in FieldTable.all {
      #expect(FieldTable.field(named: field.name)?.places == field.places)
    }
  }

  @Test func summariesAreOneLineWithoutFullStop() {
    for summary in FieldTable.all.map(\.summary) + FieldTable.protocols.map(\.summary) {
      #expect(!summary.isEmpty && !summary.hasSuffix(".") && !summary.contains("\n"))
      #expect(summary.count <= 80, "\(summary)")
    }
  }

  @Test func bitsLieWithinTheHeader() {
    for field in FieldTable.all {
      for place in field.places.all where place.origin == .header {
        #expect(place.bit + place.width <= place.headerLength * 8, "\(field.name)")
      }
    }
  }

  /// Only the VLAN tags are shorter, and 14 or 16 bytes of link header lie before them.
  @Test func everyFieldIsReadFromEightBytesOfThePacket() {
    for field in FieldTable.all {
      for place in field.places.all where place.origin == .header {
        for word in [place.words.high, place.words.low].compactMap({ $0 }) {
          let start = Int(word.start)
          #expect(start + 8 <= place.headerLength, "\(field.name)")
          #expect(start >= min(0, place.headerLength - 8), "\(field.name)")
          #expect(start % 2 == 0, "\(field.name)")
        }
      }
    }
  }

  @Test func fieldsOfOneHeaderOverlapOnlyWhereOneIsAPartOfAnother() {
    let wholes = ["flags", "classes", "opcode", "syndrome"]
    for layout in FieldTable.layouts + FieldTable.rdmaLayouts {
      let rows = layout.rows.filter { !wholes.contains($0.name) }.sorted { $0.bit < $1.bit }
      for (one, next) in zip(rows, rows.dropFirst()) {
        #expect(one.bit + one.kind.bits <= next.bit, "\(layout.name).\(next.name)")
      }
    }
  }

  @Test func placesAreAsWideAsTheirKindUnlessTheyDifferByVersion() {
    for field in FieldTable.all where field.kind != .ip && !field.name.hasSuffix("ip.length") {
      for place in field.places.all {
        #expect(place.width == field.kind.bits, "\(field.name)")
      }
    }
  }

  @Test func namesOfValuesAreUniqueAndFit() {
    for field in FieldTable.all {
      guard let names = field.kind.names else { continue }
      #expect(Set(names.entries.map { $0.name.lowercased() }).count == names.entries.count)
      #expect(Set(names.entries.map(\.value)).count == names.entries.count)
      #expect(names.entries.allSatisfy { $0.value <= field.kind.greatest })
      #expect(names.entries.allSatisfy { Number($0.name) == nil })
    }
  }

  @Test(arguments: [
    ("ip.dcsp", "ip.dscp"), ("udp.dts", "udp.dst"), ("tpc", "tcp"), ("vlan.vid", "vlan.id"),
    ("IP.TTL", "ip.ttl"), ("ipv4.hop_limit", "ipv6.hop_limit"), ("eth.source", "eth.src"),
  ])
  func namesThatAreAlmostRightAreRecognized(_ wrong: String, _ right: String) {
    #expect(FieldTable.suggestion(for: wrong) == right)
  }

  @Test(arguments: ["", "x", "quite.another.thing", "123456789"])
  func nothingIsSuggestedForWordsThatAreFarFromAll(_ word: String) {
    #expect(FieldTable.suggestion(for: word) == nil)
  }
}
