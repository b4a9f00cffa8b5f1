// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What may be expected of any text that is read as a condition: that it is refused at a place
/// within it, or else is printed as the same condition and holds for the packets for which it
/// holds when it is read plainly.
struct ExpressionPromises {
  private let packets: FieldPackets

  /// All kinds of packets, and some that are nearly right.
  init() {
    var mutator = PacketMutator(seed: 7)
    let mutants = (0..<10).map { _ in mutator.next() }
    packets = FieldPackets(
      PacketSamples.all.map {
        CapturedPacket(bytes: $0.bytes, wireLength: $0.bytes.count, link: $0.link)
      } + mutants.map { CapturedPacket(bytes: $0.bytes, wireLength: $0.wireLength, link: $0.link) })
  }

  /// The promise that is broken, or nil.
  func broken(by text: String) -> String? {
    do throws(ExpressionError) {
      let expression = try Expression.parse(text)
      return brokenPrint(of: expression) ?? brokenPredicate(of: expression)
    } catch {
      return broken(by: error, about: text)
    }
  }

  private func broken(by error: ExpressionError, about text: String) -> String? {
    if error.message.isEmpty { return "an error says nothing" }
    guard error.offset >= 0, error.length >= 0, error.offset + error.length <= text.count else {
      return "an error lies outside the text: \(error)"
    }
    return nil
  }

  /// Names are longer than numbers, so that a long text's print may be too long to be read.
  private func brokenPrint(of expression: Expression) -> String? {
    let printed = expression.description
    guard printed.utf8.count <= Expression.longestText else { return nil }
    do throws(ExpressionError) {
      let again = try Expression.parse(printed)
      guard again == expression else { return "'\(printed)' is another condition" }
      return again.description == printed ? nil : "'\(printed)' is printed as '\(again)'"
    } catch {
      return "'\(printed)' cannot be read: \(error)"
    }
  }

  private func brokenPredicate(of expression: Expression) -> String? {
    let predicate = Predicate(expression)
    let found = predicate.evaluate(packets.all, packets)
    for index in 0..<packets.count {
      let isExpected = PredicateOracle(packets: packets, index: index).holds(expression.root)
      guard (found >> UInt64(index) & 1 == 1) == isExpected else {
        return "'\(expression)' should be \(isExpected) of \(packets.contents(index))"
      }
    }
    let some = packets.all & 0x5a96_3cc3_a55a_0ff0
    return predicate.evaluate(some, packets) == found & some ? nil : "packets depend on each other"
  }
}
