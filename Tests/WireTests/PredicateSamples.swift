// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Writes random conditions, about values that random packets are likely to have.
struct PredicateSamples {
  var random: SeededGenerator

  mutating func condition(depth: Int) -> String {
    switch random.below(depth > 0 ? 8 : 4) {
    case 4: return "not " + condition(depth: depth - 1)
    case 5, 6, 7:
      let word = random.isOneIn(2) ? " and " : " or "
      let parts = (0..<(2 + random.below(3))).map { _ in condition(depth: depth - 1) }
      return "(" + parts.joined(separator: word) + ")"
    case 0: return random.pick(FieldTable.protocols.map(\.name))
    default: return comparison()
    }
  }

  private mutating func comparison() -> String {
    let field = random.pick(FieldTable.all.filter { $0.kind != .trafficClass })
    if field.kind == .boolean, random.isOneIn(2) { return field.name }
    switch random.below(4) {
    case 0: return "\(field.name) \(random.pick(["==", "!="])) \(value(field))"
    case 1:
      let operands = (0..<(1 + random.below(6))).map { _ in operand(field) }
      let word = random.pick(["in", "not in"])
      return "\(field.name) \(word) {\(operands.joined(separator: ", "))}"
    case 2 where field.kind.bits <= 64 && !field.name.hasSuffix("ip.length"):
      let mask = random.edgyNumber(bits: field.kind.bits)
      let sign = random.pick(["==", "!=", "<", ">="])
      return "\(field.name) & \(mask) \(sign) \(mask & random.edgyNumber(bits: field.kind.bits))"
    default:
      let isOrdered = ![.boolean, .mac, .ipv4, .ipv6, .ip].contains(field.kind)
      let signs = isOrdered ? ["<", "<=", ">", ">="] : ["==", "!="]
      return "\(field.name) \(random.pick(signs)) \(value(field))"
    }
  }

  private mutating func operand(_ field: Field) -> String {
    switch random.below(3) {
    case 0: return value(field)
    case 1:
      if let prefix = prefix(field) { return prefix }
      fallthrough
    default:
      let (one, other) = (value(field), value(field))
      let text = "\(one)..\(other)"
      // Swapped ends and mixed kinds are refused: then the first end alone.
      return (try? Expression.parse("\(field.name) in \(text)")) == nil ? one : text
    }
  }

  private mutating func prefix(_ field: Field) -> String? {
    switch field.kind {
    case .ipv4, .ipv6, .ip: break
    default: return nil
    }
    guard let address = IPPrefix.Address(value(field)) else { return nil }
    return IPPrefix(address, length: random.below(address.bits + 1))?.description
  }

  mutating func value(_ field: Field) -> String {
    switch field.kind {
    case .mac: return MACAddress(value: random.edgyNumber(bits: 48)).description
    case .ipv4: return ipv4()
    case .ipv6: return ipv6()
    case .ip: return random.isOneIn(2) ? ipv4() : ipv6()
    default:
      let usual: [UInt64] = [0, 1, 2, 4, 17, 64, 80, 4791, 0x800, 0x86dd]
      let number = random.isOneIn(2) ? random.pick(usual) : random.edgyNumber(bits: field.kind.bits)
      return field.text(of: .number(number & (.max >> UInt64(64 - field.kind.bits))))
    }
  }

  private mutating func ipv4() -> String {
    IPv4Address(value: UInt32(random.edgyNumber(bits: 32))).description
  }

  private mutating func ipv6() -> String {
    let high = random.pick([0xfdfd_fdfd_fdfd_fdfd, random.edgyNumber(bits: 64)])
    let low = random.pick([0xfdfd_fdfd_fdfd_fdfd, random.edgyNumber(bits: 64)])
    return IPv6Address(high: high, low: low).description
  }
}
