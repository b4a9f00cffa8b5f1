// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// A rule that asks for several things at once, each of which may leave bits open.
///
/// What has alternatives (a field with two places, a set of values) becomes several rules with the
/// same number.
public struct TernaryRule: Hashable, Sendable {
  public var number: UInt32
  /// All must hold.
  public var tests: [Test]

  public init(number: UInt32, tests: [Test]) {
    self.number = number
    self.tests = tests
  }

  public enum Test: Hashable, Sendable {
    /// The packet has any of these headers.
    case present(Layers)
    case absent(Layers)
    /// The packet has the field at this place, with bits in this range. The bits are those of the
    /// packet, without `FieldPlace.bias`.
    case range(FieldPlace, ClosedRange<UInt128>)
    /// The packet has the field at this place, and of its bits those of the mask are the value's.
    case bits(FieldPlace, value: UInt128, mask: UInt128)

    var place: FieldPlace? {
      switch self {
      case .present, .absent: nil
      case .range(let place, _), .bits(let place, _, _): place
      }
    }
  }
}
