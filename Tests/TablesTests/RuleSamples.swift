// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Random conditions about what random packets are likely to have.
struct RuleSamples {
  var random: SeededGenerator

  mutating func condition() -> String {
    switch random.below(9) {
    case 0, 1: "ip.src == \(address()) and udp.dst == \(random.port())"
    case 2: "ip.dst in \(block())"
    case 3: "udp.dst in \(range()) and ip.dst in \(block())"
    case 4: "\(term()) and \(term()) and \(term())"
    case 5: "(\(term()) or \(term())) and \(term())"
    case 6: "not \(term()) and \(term())"
    case 7: "ip.src in {\(address()), \(address())} and ip.dst == \(address())"
    default: term()
    }
  }

  private mutating func term() -> String {
    switch random.below(10) {
    case 0: "ip.dscp == \(random.below(4) * 8)"
    case 1: "ip.ttl \(random.pick(["<", ">=", "!="])) \(random.below(255))"
    case 2: random.pick(["udp", "tcp", "ipv6", "vlan", "arp", "ipv4"])
    case 3: "tcp.flags & 0x12 == \(random.pick(["0x02", "0x10", "0x12", "0"]))"
    case 4: "udp.src in \(range())"
    case 5: "ip.src in \(block())"
    case 6: "eth.dst == 02:00:00:00:00:0\(random.below(4))"
    case 7: "ip.ecn == \(random.pick(["CE", "ECT(0)", "Not-ECT"]))"
    case 8: "priority \(random.pick(["==", ">"])) \(random.below(8))"
    default: "packet.length > \(random.below(100))"
    }
  }

  private mutating func range() -> String {
    let low = random.port()
    return "\(low)..\(low + UInt16(random.below(4)))"
  }

  private mutating func address() -> String {
    random.isOneIn(4) ? random.ipv6().description : random.ipv4().description
  }

  private mutating func block() -> String {
    let block =
      random.isOneIn(4)
      ? IPPrefix(.v6(random.ipv6()), length: random.below(129))
      : IPPrefix(.v4(random.ipv4()), length: random.below(33))
    return block?.description ?? "10.0.0.0/8"
  }
}
