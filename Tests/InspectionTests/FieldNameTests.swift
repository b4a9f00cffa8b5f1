// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

@testable import Inspection

/// Names of fields, those that users give and those that are written in the code.
struct FieldNameTests {
  func complaint(_ text: String) -> String? {
    do throws(FieldChoice.Problem) {
      _ = try FieldChoice.parse(text)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func fieldsAreChosenInTheirOrder() throws {
    let choice = try FieldChoice.parse("bth.psn, number,ip.src ,roce.icrc")
    #expect(choice.items.map(\.name) == ["bth.psn", "number", "ip.src", "roce.icrc"])
  }

  @Test(arguments: [
    ("bth.pns", "unknown field 'bth.pns'; did you mean 'bth.psn'?"),
    ("numbr", "unknown field 'numbr'; did you mean 'number'?"),
    ("icrc", "unknown field 'icrc'; did you mean 'roce.icrc'?"),
    ("ip.src,", "a name is missing"), ("", "a name is missing"),
  ])
  func anUnknownNameIsToldWithWhatWasMeant(text: String, message: String) {
    #expect(complaint(text) == message)
  }

  @Test func aProtocolIsToldFromAField() {
    #expect(complaint("roce")?.hasPrefix("'roce' is no field") == true)
  }

  @Test func everyNameOfALineIsInTheTable() {
    let names = (Fact.chosen + Fact.chosenOfRDMA).map(\.0)
    #expect(names.filter { FieldTable.field(named: $0) == nil } == [])
    #expect(Set(names).count == names.count)
  }

  @Test func everythingIsEveryFieldOfTheTable() {
    let names = Set(FieldChoice.everything(files: 2).items.map(\.name))
    #expect(names.isSuperset(of: FieldTable.ofPackets.map(\.name)))
    #expect(names.isSuperset(of: ["number", "time", "file", "layers"]))
    #expect(!FieldChoice.everything(files: 1).items.contains { $0.name == "file" })
  }

  @Test func theUsualFieldsAreAllThere() { #expect(FieldChoice.usual.items.count == 12) }

  @Test func wordsForHeadersAreInTheirOrder() {
    let layers: Layers = [.udp, .ethernet, .ipv4, .bth, .vlan, .aeth, .ack, .sampled]
    #expect(
      LayerWords.names(of: layers) == ["eth", "vlan", "ipv4", "udp", "roce", "aeth", "ack"])
    #expect(LayerWords.names(of: [.ipv4, .gre, .erspan2]) == ["ipv4", "gre", "erspan"])
    #expect(LayerWords.innermost(of: [.ethernet, .ipv6, .fragment]) == "ipv6")
    #expect(LayerWords.innermost(of: []) == nil)
  }
}
