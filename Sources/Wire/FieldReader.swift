// SPDX-License-Identifier: BSD-3-Clause

/// A field made ready to be read out of many packets.
@frozen
public struct FieldReader: Sendable, BitwiseCopyable {
  @usableFromInline let first: Place
  /// The same as `first` where a field has but one place.
  @usableFromInline let second: Place
  @usableFromInline let shape: Shape

  init(_ field: Field) {
    first = Place(field.places.first)
    second = Place(field.places.second ?? field.places.first)
    shape =
      switch field.kind {
      case .number, .hexadecimal, .named, .boolean, .trafficClass: .number
      case .mac: .mac
      case .ipv4, .ipv6, .ip: .address
      }
  }

  /// The value, or nil where the packet does not have the field.
  @inlinable
  public func value<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> FieldValue? {
    guard let place = place(in: source.headers(index).pointee.layers),
      let low = place.low.value(in: source, at: index)
    else { return nil }
    switch shape {
    case .number: return .number(low &+ place.bias)
    case .mac: return .mac(MACAddress(value: low))
    case .address:
      guard place.isWide else {
        return .ipv4(IPv4Address(value: UInt32(truncatingIfNeeded: low)))
      }
      return .ipv6(IPv6Address(high: place.high.value(in: source, at: index) ?? 0, low: low))
    }
  }

  /// The value as a number: an address's bits too, of an IPv6 address the lower half.
  @inlinable
  public func number<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> UInt64? {
    guard let place = place(in: source.headers(index).pointee.layers),
      let low = place.low.value(in: source, at: index)
    else { return nil }
    return low &+ place.bias
  }

  @inlinable @inline(__always)
  func place(in layers: Layers) -> Place? {
    if first.low.isPresent(in: layers) { return first }
    return second.low.isPresent(in: layers) ? second : nil
  }

  @frozen
  @usableFromInline
  enum Shape: UInt8, BitwiseCopyable { case number, mac, address }

  @frozen
  @usableFromInline
  struct Place: Sendable, BitwiseCopyable {
    @usableFromInline let low: FieldWord
    /// Means something only when the place is wide.
    @usableFromInline let high: FieldWord
    @usableFromInline let isWide: Bool
    @usableFromInline let bias: UInt64

    init(_ place: FieldPlace) {
      let words = place.words
      low = words.low
      high = words.high ?? words.low
      isWide = words.high != nil
      bias = place.bias
    }
  }
}

extension Field {
  public var reader: FieldReader { FieldReader(self) }
}
