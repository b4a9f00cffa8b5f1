// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Writes random rules about values that random packets are likely to have.
struct RandomRules {
  var random: SeededGenerator
  private var palette: [Field] = []

  init(random: SeededGenerator) { self.random = random }

  static let usual = [
    "ip.src", "ip.dst", "ip.protocol", "ip.ttl", "ip.dscp", "ip.length", "udp.dst", "udp.src",
    "tcp.dst", "vlan.id", "vlan.pcp", "bth.opcode", "bth.dest_qp", "bth.psn", "eth.dst", "priority",
    "ipv4.src", "ipv6.dst", "packet.length", "eth.type",
  ].compactMap(FieldTable.field(named:))

  mutating func field() -> Field {
    guard random.isOneIn(8) else { return random.pick(Self.usual) }
    return random.pick(FieldTable.all.filter { $0.kind != .trafficClass })
  }

  /// Of an address either version.
  mutating func value(_ field: Field, isIPv6: Bool) -> FieldValue {
    switch field.kind {
    case .mac: return .mac(MACAddress(value: 0x0200_0000_0000 + UInt64(random.below(3))))
    case .ipv4: return .ipv4(random.ipv4())
    case .ipv6: return .ipv6(random.ipv6())
    case .ip: return isIPv6 ? .ipv6(random.ipv6()) : .ipv4(random.ipv4())
    default:
      let usual: [UInt64] = [
        0, 1, 2, 3, 4, 6, 17, 26, 63, 64, 4791, UInt64(random.port()), 0x800, 0x86dd, 80, 88, 100,
      ]
      let number = random.isOneIn(8) ? random.next() : random.pick(usual)
      return .number(number & (.max >> UInt64(64 - field.kind.bits)))
    }
  }

  mutating func prefix() -> IPPrefix? {
    random.isOneIn(2)
      ? IPPrefix(.v4(random.ipv4()), length: random.below(33))
      : IPPrefix(.v6(random.ipv6()), length: random.below(129))
  }

  /// As many fields as rules of one table are about.
  mutating func choosePalette() { palette = (0..<6).map { _ in field() } }

  mutating func tests() -> [TableOracle.FieldTest] {
    (0..<(1 + random.below(4))).map { _ in test() }
  }

  private mutating func test() -> TableOracle.FieldTest {
    let protocols = FieldTable.protocols.map(\.layers)
    switch random.below(12) {
    case 0: return TableOracle.FieldTest(field: nil, test: .present(random.pick(protocols)))
    case 1: return TableOracle.FieldTest(field: nil, test: .absent(random.pick(protocols)))
    default:
      let field = random.pick(palette)
      let place = random.pick(field.places.all)
      return TableOracle.FieldTest(field: field, test: test(field, place))
    }
  }

  private mutating func test(_ field: Field, _ place: FieldPlace) -> TernaryRule.Test {
    let (one, other) = (bits(field, place), bits(field, place))
    let width = place.width
    switch random.below(10) {
    case 0...2: return .range(place, one...one)
    // A wide range takes many boxes.
    case 3...5 where width <= 32 || random.isOneIn(16):
      return .range(place, min(one, other)...max(one, other))
    // Most masks of a wide field part all of its values, which takes long without optimization.
    case 9 where width <= 8 || random.isOneIn(200):
      let mask = UInt128(random.next() & random.next()) << 64 | UInt128(random.next())
      return .bits(place, value: one, mask: mask & (.max >> UInt128(128 - width)))
    default:
      let mask = UInt128.max << UInt128(random.below(width + 1))
      return .bits(place, value: one, mask: mask & (.max >> UInt128(128 - width)))
    }
  }

  private mutating func bits(_ field: Field, _ place: FieldPlace) -> UInt128 {
    switch value(field, isIPv6: place.width == 128) {
    case .number(let number): UInt128(max(number, place.bias) - place.bias)
    case .mac(let address): UInt128(address.value)
    case .ipv4(let address): UInt128(address.value)
    case .ipv6(let address): UInt128(address.high) << 64 | UInt128(address.low)
    }
  }
}
