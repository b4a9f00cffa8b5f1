// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Matches one packet with rules one by one, slowly and plainly. What the packet has is read once.
final class TableOracle {
  let packets: RandomPackets
  let index: Int
  private var values: [Field: FieldValue?] = [:]

  init(packets: RandomPackets, index: Int) {
    self.packets = packets
    self.index = index
  }

  private func value(_ field: Field) -> FieldValue? {
    if let known = values[field] { return known }
    let value = field.value(in: packets, at: index)
    values[field] = value
    return value
  }

  /// Whether the packet has these values.
  func exactly(_ fields: [Field]) -> ([FieldValue]) -> Bool {
    let own = fields.map(value)
    return { wanted in zip(own, wanted).allSatisfy { $0 == $1 } }
  }

  /// Whether the packet's address is in a block.
  func address(_ field: Field) -> (IPPrefix) -> Bool {
    let address: IPPrefix.Address? =
      switch value(field) {
      case .ipv4(let address): .v4(address)
      case .ipv6(let address): .v6(address)
      default: nil
      }
    return { prefix in address.flatMap { IPPrefix($0, length: prefix.length) } == prefix }
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
    switch field.flatMap(value) {
    case nil: return nil
    case .number(let number): return UInt128(number - place.bias)
    case .mac(let address): return UInt128(address.value)
    case .ipv4(let address): return UInt128(address.value)
    case .ipv6(let address): return UInt128(address.high) << 64 | UInt128(address.low)
    }
  }
}
