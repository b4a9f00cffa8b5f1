// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// How values of one Swift type are written, and how they come out of what was read.
public struct SettingForm<Value: Sendable>: Sendable {
  public let kind: SettingKind
  let unwrap: @Sendable (SettingValue) -> Value?

  init(_ kind: SettingKind, _ unwrap: @escaping @Sendable (SettingValue) -> Value?) {
    self.kind = kind
    self.unwrap = unwrap
  }
}

extension SettingForm where Value == Bool {
  public static var boolean: SettingForm {
    SettingForm(.boolean) { if case .boolean(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == Int {
  public static func integer(in range: ClosedRange<Int> = 0...Int.max) -> SettingForm {
    SettingForm(.integer(range)) { if case .integer(let value) = $0 { value } else { nil } }
  }

  /// Bytes.
  public static func size(in range: ClosedRange<Double> = 0...(.infinity)) -> SettingForm {
    .init(.quantity(.size, range)) { value in
      if case .quantity(let bytes) = value { Int(clamping: bytes) } else { nil }
    }
  }
}

extension SettingForm where Value == UInt64 {
  /// Nanoseconds; the range is in seconds.
  public static func duration(in range: ClosedRange<Double> = 0...(.infinity)) -> SettingForm {
    SettingForm(.quantity(.duration, range)) { value in
      guard case .quantity(let seconds) = value else { return nil }
      return UInt64(clamping: (seconds * 1e9).rounded())
    }
  }
}

extension SettingForm where Value == Double {
  /// Bits per second.
  public static func bitRate(in range: ClosedRange<Double> = 0...(.infinity)) -> SettingForm {
    quantity(.bitRate, range)
  }

  /// Packets per second.
  public static func packetRate(in range: ClosedRange<Double> = 0...(.infinity)) -> SettingForm {
    quantity(.packetRate, range)
  }

  /// A share of one.
  public static func share(in range: ClosedRange<Double> = 0...1) -> SettingForm {
    quantity(.share, range)
  }

  private static func quantity(
    _ quantity: Quantity, _ range: ClosedRange<Double>
  ) -> SettingForm {
    SettingForm(.quantity(quantity, range)) {
      if case .quantity(let value) = $0 { value } else { nil }
    }
  }
}

extension SettingForm where Value == String {
  public static var text: SettingForm { word(.text) }
  public static var identifier: SettingForm { word(.identifier) }
  public static var path: SettingForm { word(.path) }
  public static var port: SettingForm { word(.port) }
  public static var pipeline: SettingForm { word(.pipeline) }
  public static func choice(_ names: [String]) -> SettingForm { word(.choice(names)) }

  private static func word(_ kind: SettingKind) -> SettingForm {
    SettingForm(kind) { if case .text(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases, by its raw value.
  public static var choice: SettingForm {
    SettingForm(.choice(Value.allCases.map(\.rawValue))) {
      if case .text(let name) = $0 { Value(rawValue: name) } else { nil }
    }
  }
}

extension SettingForm where Value == MACAddress {
  public static var mac: SettingForm {
    SettingForm(.macAddress) { if case .macAddress(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == IPv4Address {
  public static var ipv4: SettingForm {
    SettingForm(.ipv4Address) { if case .ipv4Address(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == IPv6Address {
  public static var ipv6: SettingForm {
    SettingForm(.ipv6Address) { if case .ipv6Address(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == IPPrefix.Address {
  public static var address: SettingForm {
    SettingForm(.ipAddress) { if case .ipAddress(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == IPPrefix {
  public static var prefix: SettingForm {
    SettingForm(.ipPrefix) { if case .ipPrefix(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == Expression {
  public static var expression: SettingForm {
    SettingForm(.expression) { if case .expression(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == FieldValue {
  public static func field(_ field: Field) -> SettingForm {
    SettingForm(.field(field)) { if case .field(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == [FieldAssignment] {
  public static var assignments: SettingForm {
    SettingForm(.assignments) { if case .assignments(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm where Value == SettingValues {
  /// A mapping with declarations of its own.
  public static func record(_ declarations: [any SettingDeclaration]) -> SettingForm {
    SettingForm(.record(declarations)) { if case .record(let value) = $0 { value } else { nil } }
  }
}

extension SettingForm {
  public static func list<Element>(of element: SettingForm<Element>) -> SettingForm
  where Value == [Element] {
    SettingForm(.list(element.kind)) { value in
      guard case .list(let values) = value else { return nil }
      let elements = values.compactMap(element.unwrap)
      return elements.count == values.count ? elements : nil
    }
  }
}

extension FixedWidthInteger {
  /// The nearest value that the type has; not-a-number becomes 0.
  fileprivate init(clamping value: Double) {
    self = Self(exactly: value.rounded()) ?? (value > 0 ? .max : value < 0 ? .min : 0)
  }
}
