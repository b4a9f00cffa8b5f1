// SPDX-License-Identifier: BSD-3-Clause

/// Prints what a look-up costs in each kind of table, by the number of rules.
@main
struct TableBenchmark {
  static let sizes = [10, 100, 1000, 10_000, 100_000, 1_000_000]

  static func main() throws {
    print(
      "\nCycles a packet (of bursts the best in a hundred, and the median) with rules and packets")
    print("at random; share of packets that match; seconds to build")
    for size in sizes { try exact(size, isIPv6: false) }
    for size in sizes { try exact(size, isIPv6: true) }
    for size in sizes { try prefixes(size, isIPv6: false) }
    for size in sizes { try prefixes(size, isIPv6: true) }
    for size in sizes.prefix(5) { ternary(size) }
  }

  private static func field(_ name: String) -> Field {
    guard let field = FieldTable.field(named: name) else { preconditionFailure("no \(name)") }
    return field
  }

  /// A value of either version, of which the low half is random.
  private static func value(_ address: IPv6Address, _ isIPv6: Bool) -> FieldValue {
    isIPv6
      ? .ipv6(address) : .ipv4(IPv4Address(value: UInt32(truncatingIfNeeded: address.low)))
  }

  private static func tuples(_ count: Int, isIPv6: Bool) -> [Tuple] {
    var random = Generator()
    return (0..<count).map { _ in
      let high: UInt64 = isIPv6 ? 0x2001_0db8_0000_0000 | random.next() >> 48 : 0
      let mask: UInt64 = isIPv6 ? .max : 0xffff_ffff
      return Tuple(
        isIPv6: isIPv6, source: IPv6Address(high: high, low: random.next() & mask),
        destination: IPv6Address(high: high, low: random.next() & mask),
        sourcePort: UInt16(truncatingIfNeeded: random.next()), destinationPort: 4791)
    }
  }

  private static func exact(_ size: Int, isIPv6: Bool) throws {
    let tuples = tuples(size, isIPv6: isIPv6)
    let fields = ["ip.src", "ip.dst", "ip.protocol", "udp.src", "udp.dst"].map(field)
    let rules = tuples.enumerated().map { index, tuple in
      ExactTable.Rule(
        values: [
          value(tuple.source, isIPv6), value(tuple.destination, isIPv6), .number(17),
          .number(UInt64(tuple.sourcePort)), .number(UInt64(tuple.destinationPort)),
        ], number: UInt32(index))
    }
    let start = ticks()
    let table = try ExactTable(fields, rules)
    let build = ticks() - start
    var random = Generator()
    let cost = Workload().cost {
      tuples[random.below(size)]
    } _: {
      table.lookUp(.max, $0, $1)
    }
    printRow("exact, IPv\(isIPv6 ? 6 : 4) 5-tuple", size, cost, build)
  }

  private static func prefixes(_ size: Int, isIPv6: Bool) throws {
    var random = Generator()
    let prefixes = (0..<size).compactMap { _ in
      isIPv6
        ? IPPrefix(
          .v6(IPv6Address(high: 0x2001_0000_0000_0000 | random.next() >> 16, low: 0)),
          length: [32, 40, 44, 48, 48, 48, 56, 64][random.below(8)])
        : IPPrefix(
          .v4(IPv4Address(value: UInt32(truncatingIfNeeded: random.next()))),
          length: [16, 19, 20, 22, 23, 24, 24, 24][random.below(8)])
    }
    let rules = prefixes.enumerated().map {
      PrefixTable.Rule(prefix: $1, number: UInt32($0))
    }
    let start = ticks()
    let table = try PrefixTable(field("ip.dst"), rules)
    let build = ticks() - start
    let cost = Workload().cost {
      var tuple = Tuple(isIPv6: isIPv6)
      switch prefixes[random.below(size)].address {
      case .v4(let address):
        tuple.destination.low = UInt64(address.value | UInt32(random.below(256)))
      case .v6(let address): tuple.destination = IPv6Address(high: address.high, low: random.next())
      }
      return tuple
    } _: {
      table.lookUp(.max, $0, $1)
    }
    printRow("prefix, IPv\(isIPv6 ? 6 : 4)", size, cost, build)
  }

  private static func ternary(_ size: Int) {
    var random = Generator()
    let rules = (0..<size).map { TernaryRules.rule(number: $0, &random) }
    let start = ticks()
    do throws(TableError) {
      let table = try TernaryTable(rules.map(\.rule))
      let build = ticks() - start
      let cost = Workload().cost {
        var tuple = rules[random.below(size)].tuple
        tuple.source.low |= UInt64(random.below(256))
        tuple.sourcePort = UInt16(truncatingIfNeeded: random.next())
        return tuple
      } _: {
        table.lookUp(.max, $0, $1)
      }
      printRow("ternary, IPv4 5-tuple", size, cost, build)
    } catch {
      print("  \(size): \(error)")
    }
  }

  private static func printRow(
    _ name: String, _ size: Int, _ cost: Workload.Cost, _ build: UInt64
  ) {
    let cells = [
      "\(size)", "\(Double(Int(cost.least * 10)) / 10)", "\(Double(Int(cost.median * 10)) / 10)",
      "\(Int(cost.matched * 100))%", "\(Double(build / 2_300_000) / 1000)",
    ]
    let padded = cells.map { String(repeating: " ", count: max(2, 9 - $0.count)) + $0 }
    print("  " + name + String(repeating: " ", count: max(0, 24 - name.count)) + padded.joined())
  }
}
