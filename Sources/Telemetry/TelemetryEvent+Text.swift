// SPDX-License-Identifier: BSD-3-Clause
import Presentation

extension TelemetryEvent {
  /// `rnr-storm for 98.0 ms at 10.0.0.1>10.0.0.2/0x000011: 50 NAKs (...); receivers have ...`.
  public var sentence: String {
    let numbers = evidence.filter { $0.value > 0 }.map { "\($0.name): \(Figure.count($0.value))" }
    let end = isOpen ? " and goes on" : ""
    return "\(kind.name) for \(Figure.seconds(Double(self.end - start) / 1e9))\(end) \(place):"
      + " \(kind.meaning) (\(numbers.joined(separator: ", ")))"
  }

  /// `at 10.0.0.1>10.0.0.2/0x000011 and 3 more`.
  public var place: String {
    if let address { return "at \(address)" }
    guard let first = queuePairs.first else { return "somewhere" }
    return queuePairCount > 1 ? "at \(first) and \(queuePairCount - 1) more" : "at \(first)"
  }
}
