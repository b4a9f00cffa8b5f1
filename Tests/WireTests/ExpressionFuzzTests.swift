// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

struct ExpressionFuzzTests {
  static let seeds = [
    "ip.ecn == ECT(0) and udp.dst in {4791, 1000..2000} or not tcp.flags & 0x02 != 0",
    "ip.src in {10.0.0.0/8, fd00::/8, ::1..::ffff} && !(vlan.id == 5 || eth.type == 0x0800)",
    "eth.dst != ff:ff:ff:ff:ff:ff and ip.ttl not in 1..255 and packet.length >= 1518",
    "not (not ((ipv6.flow_label == 0xfffff))) or icmpv6.type == Echo-reply",
  ]
  static let pieces = [
    "(", ")", "{", "}", "..", ",", "==", "=", "!", "&", "&&", "||", "in", "not", "and", "ip.ttl",
    "ip.src", "ECT(", "10.0.0.0/8", "fd00::/64", "0x", "99999999999999999999", "é", "\u{0}", "\n",
    "ff:ff:ff:ff:ff:ff", " ", "/", "-", ":", "\u{301}", "udp", "tcp.syn", "🛰", "<", "64", "\"",
  ]

  /// Texts that are nearly right, in which something was put, left out, doubled or swapped.
  @Test func mutatedTextsAreReadOrRefusedButNeverCrash() {
    var random = SeededGenerator(seed: 3)
    var accepted = 0
    for _ in 0..<40_000 {
      let text = mutated(&random)
      do throws(ExpressionError) {
        let expression = try Expression.parse(text)
        accepted += 1
        _ = Predicate(expression)
      } catch {
        #expect(error.offset >= 0 && error.length >= 0)
        #expect(error.offset + error.length <= text.count, "\(text)")
      }
    }
    #expect(accepted > 1000)
  }

  @Test func bytesThatAreNoTextAreReadOrRefusedButNeverCrash() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<20_000 {
      let bytes = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
      _ = try? Expression.parse(String(decoding: bytes, as: UTF8.self))
    }
  }

  private func mutated(_ random: inout SeededGenerator) -> String {
    var bytes = Array(random.pick(Self.seeds).utf8)
    for _ in 0...random.below(3) {
      let index = random.below(bytes.count + 1)
      let end = min(bytes.count, index + random.below(12))
      switch random.below(4) {
      case 0: bytes.insert(contentsOf: random.pick(Self.pieces).utf8, at: index)
      case 1: bytes.replaceSubrange(index..<end, with: random.pick(Self.pieces).utf8)
      case 2: bytes.insert(contentsOf: bytes[index..<end], at: random.below(bytes.count + 1))
      default: bytes.removeSubrange(index..<end)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
