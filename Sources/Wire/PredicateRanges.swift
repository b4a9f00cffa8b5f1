// SPDX-License-Identifier: BSD-3-Clause

extension FieldComparison {
  /// The values that the comparison is about, as the bits at `place`: ascending, disjoint and not
  /// touching. For `!=` and `not in` these are the values that are not wanted.
  func accepted(at place: FieldPlace) -> [ClosedRange<UInt128>] {
    let width = mask == nil ? place.width : 64
    let greatest = UInt128.max >> UInt128(128 - width)
    let bias = UInt128(place.bias)
    let ranges = operands.compactMap { operand -> ClosedRange<UInt128>? in
      guard let range = related(range(of: operand, at: place)) else { return nil }
      guard range.upperBound >= bias else { return nil }
      let low = range.lowerBound > bias ? range.lowerBound - bias : 0
      let high = min(range.upperBound - bias, greatest)
      return low <= high ? low...high : nil
    }
    return merged(ranges)
  }

  /// Nil for an address of the version that the place does not have.
  private func range(of operand: FieldOperand, at place: FieldPlace) -> ClosedRange<UInt128>? {
    switch operand {
    case .value(let value): bits(of: value, at: place).map { $0...$0 }
    case .range(let low, let high):
      if let low = bits(of: low, at: place), let high = bits(of: high, at: place) {
        low...high
      } else {
        nil
      }
    case .prefix(let prefix): range(of: prefix, at: place)
    }
  }

  private func range(of prefix: IPPrefix, at place: FieldPlace) -> ClosedRange<UInt128>? {
    let value: FieldValue =
      switch prefix.address {
      case .v4(let address): .ipv4(address)
      case .v6(let address): .ipv6(address)
      }
    guard let low = bits(of: value, at: place) else { return nil }
    let host = UInt128(prefix.address.bits - prefix.length)
    return low...(low | (host == 128 ? .max : (1 << host) - 1))
  }

  private func bits(of value: FieldValue, at place: FieldPlace) -> UInt128? {
    switch value {
    case .number(let number): UInt128(number)
    case .mac(let address): UInt128(address.value)
    case .ipv4(let address): place.width == 32 ? UInt128(address.value) : nil
    case .ipv6(let address):
      place.width == 128 ? UInt128(address.high) << 64 | UInt128(address.low) : nil
    }
  }

  /// What an order makes of its one value.
  private func related(_ value: ClosedRange<UInt128>?) -> ClosedRange<UInt128>? {
    guard let value else { return nil }
    let number = value.lowerBound
    switch relation {
    case .less: return number == 0 ? nil : 0...(number - 1)
    case .lessOrEqual: return 0...number
    case .greater: return number == .max ? nil : (number + 1)...UInt128.max
    case .greaterOrEqual: return number...UInt128.max
    case .equal, .notEqual, .isIn, .isNotIn: return value
    }
  }
}

private func merged(_ ranges: [ClosedRange<UInt128>]) -> [ClosedRange<UInt128>] {
  var result: [ClosedRange<UInt128>] = []
  for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
    guard let last = result.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1
    else {
      result.append(range)
      continue
    }
    result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
  }
  return result
}
