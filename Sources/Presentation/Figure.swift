// SPDX-License-Identifier: BSD-3-Clause

/// Numbers as people read them.
public enum Figure {
  /// `1234567` as `1,234,567`.
  public static func count(_ value: UInt64) -> String {
    var digits = Array(String(value))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }

  /// `1 port`, `2 ports`.
  public static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// `1 packet`, `1,234 packets`.
  public static func counted(_ count: UInt64, _ noun: String) -> String {
    "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  public static func bytes(_ value: UInt64) -> String { scaled(Double(value), "B") }

  /// A number with three digits or so and a decimal prefix: `12.3 Mpps`.
  public static func scaled(_ value: Double, _ unit: String) -> String {
    var value = value
    for prefix in ["", "K", "M", "G", "T"] {
      if value < 999.5 { return "\(short(value)) \(prefix)\(unit)" }
      value /= 1000
    }
    return "\(short(value)) P\(unit)"
  }

  public static func seconds(_ value: Double) -> String {
    switch value {
    case ..<1e-6: return "\(short(value * 1e9)) ns"
    case ..<1e-3: return "\(short(value * 1e6)) us"
    case ..<1: return "\(short(value * 1e3)) ms"
    default: return "\(short(value)) s"
    }
  }

  /// `numerator` per `denominator`, or a dash where there is nothing to divide by.
  public static func ratio(_ numerator: UInt64, _ denominator: UInt64) -> String {
    denominator == 0 ? "-" : decimal(Double(numerator) / Double(denominator), places: 1)
  }

  /// A number with so many decimal places.
  public static func fraction(_ value: Double, places: Int = 1) -> String {
    decimal(value, places: places)
  }

  private static func short(_ value: Double) -> String {
    guard value < 1e15 else { return "\(value)" }
    if value == value.rounded() { return decimal(value, places: 0) }
    return decimal(value, places: value < 10 ? 2 : value < 100 ? 1 : 0)
  }

  private static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = Int((value * scale).rounded())
    guard places > 0 else { return "\(scaled)" }
    let fraction = String(scaled % Int(scale))
    return "\(scaled / Int(scale))."
      + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
