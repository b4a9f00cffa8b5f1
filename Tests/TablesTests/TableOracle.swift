// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Matches one packet with rules one by one, slowly and plainly.
struct TableOracle {
  let packets: RandomPackets
  let index: Int

  func matches(_ fields: [Field], _ rule: ExactTable.Rule) -> Bool {
    zip(fields, rule.values).allSatisfy { $0.value(in: packets, at: index) == $1 }
  }

  func matches(_ field: Field, _ rule: PrefixTable.Rule) -> Bool {
    let address: IPPrefix.Address? =
      switch field.value(in: packets, at: index) {
      case .ipv4(let address): .v4(address)
      case .ipv6(let address): .v6(address)
      default: nil
      }
    guard let address, let block = IPPrefix(address, length: rule.prefix.length) else {
      return false
    }
    return block == rule.prefix
  }

  /// A test with the field that it is about, as the test itself knows only a place.
  struct FieldTest {
    let field: Field?
    let test: TernaryRule.Test
  }

  func holds(_ test: FieldTest) -> Bool {
    let layers = packets.headers(index).pointee.layers
    switch test.test {
    case .present(let wanted): return !layers.isDisjoint(with: wanted)
    case .absent(let unwanted): return layers.isDisjoint(with: unwanted)
    case .range(let place, let range): return bits(test.field, place).map(range.contains) ?? false
    case .bits(let place, let value, let mask):
      return bits(test.field, place).map { $0 & mask == value & mask } ?? false
    }
  }

  private func bits(_ field: Field?, _ place: FieldPlace) -> UInt128? {
    let layers = packets.headers(index).pointee.layers
    guard place.layers.isEmpty || !layers.isDisjoint(with: place.layers) else { return nil }
    switch field?.value(in: packets, at: index) {
    case nil: return nil
    case .number(let number): return UInt128(number - place.bias)
    case .mac(let address): return UInt128(address.value)
    case .ipv4(let address): return UInt128(address.value)
    case .ipv6(let address): return UInt128(address.high) << 64 | UInt128(address.low)
    }
  }
}
