// SPDX-License-Identifier: BSD-3-Clause

/// Rules as firewalls have them, with a packet that each matches.
enum TernaryRules {
  static func rule(number: Int, _ random: inout Generator) -> (rule: TernaryRule, tuple: Tuple) {
    var tuple = Tuple()
    tuple.source.low = random.next() >> 32
    tuple.destination.low = random.next() >> 32
    tuple.destinationPort = UInt16(truncatingIfNeeded: random.next())
    var tests: [TernaryRule.Test] = [exact("ip.protocol", 17)]
    // Most name a block of sources and one of destinations, some leave one of them open.
    let lengths = [0, 8, 16, 16, 24, 24, 24, 24]
    tests.append(prefix("ip.src", tuple.source.low, lengths[random.below(8)]))
    tests.append(prefix("ip.dst", tuple.destination.low, lengths[1 + random.below(7)] + 8))
    switch random.below(4) {
    case 0: break
    case 1:
      let low = tuple.destinationPort / 2
      tests.append(.range(place("udp.dst"), UInt128(low)...UInt128(tuple.destinationPort)))
    default: tests.append(exact("udp.dst", UInt128(tuple.destinationPort)))
    }
    return (TernaryRule(number: UInt32(number), tests: tests), tuple)
  }

  private static func place(_ name: String) -> FieldPlace {
    guard let field = FieldTable.field(named: name) else { preconditionFailure("no \(name)") }
    return field.places.first
  }

  private static func exact(_ name: String, _ value: UInt128) -> TernaryRule.Test {
    .range(place(name), value...value)
  }

  private static func prefix(_ name: String, _ address: UInt64, _ length: Int) -> TernaryRule.Test {
    let mask = UInt128(UInt32.max << UInt32(32 - length))
    return .bits(place(name), value: UInt128(address) & mask, mask: mask)
  }
}
