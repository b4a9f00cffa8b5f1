// SPDX-License-Identifier: BSD-3-Clause

/// One thing of a packet that has a name: a part of a header, or something known of the packet.
///
/// Conditions, rewrites, traces and exporters all use these and nothing else; `FieldTable` has
/// them all.
public struct Field: Sendable {
  /// The protocol and the part of it, such as `ip.dscp`.
  public let name: String
  public let kind: FieldKind
  /// One line, without a full stop.
  public let summary: String
  public let places: FieldPlaces
  public let access: FieldAccess
}

/// Whether a rewrite may set a field.
public enum FieldAccess: Hashable, Sendable {
  case writable
  /// With the reason, a sentence without capital and full stop.
  case readOnly(String)
}

extension Field: Hashable, CustomStringConvertible {
  public static func == (left: Field, right: Field) -> Bool { left.name == right.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  public var description: String { name }
}

extension Field {
  /// What the packet at `index` has in this field, or nil where the header is absent. A loop over
  /// packets keeps the `reader` instead.
  public func value<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int = 0
  ) -> FieldValue? {
    reader.value(in: source, at: index)
  }

  /// The value as people write it: `10.0.0.1`, `CE`, `0x0800`.
  public func text(of value: FieldValue) -> String { kind.text(of: value) }

  /// The value that these bits are in the field's one place.
  public func value(ofBits bits: UInt128) -> FieldValue { kind.value(ofBits: bits) }

  /// Reads a value as people write it.
  public func parse(_ text: some StringProtocol) throws(FieldError) -> FieldValue {
    try kind.parse(String(text), for: name)
  }
}

/// Why a value does not suit a field.
public struct FieldError: Error, Hashable, CustomStringConvertible {
  public let message: String
  /// What was perhaps meant instead.
  public let suggestion: String?

  init(_ message: String, suggestion: String? = nil) {
    self.message = message
    self.suggestion = suggestion
  }

  public var description: String {
    suggestion.map { "\(message); did you mean \($0)?" } ?? message
  }
}
