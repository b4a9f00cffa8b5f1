// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Where each field lies in the words of a key.
struct MatchKeyLayout {
  private(set) var steps: [MatchKey.Step] = []
  /// By field.
  private var slots: [Slot] = []
  private var usedBits: [Int] = []

  var width: Int { usedBits.count }

  /// The most words of a key: two IPv6 addresses, ports, and as much again.
  static let greatestWidth = 16

  private struct Slot {
    var width: Int
    var low: (word: Int, shift: Int)
    var high: (word: Int, shift: Int)?
  }

  /// - Parameter versions: By field, the width of the addresses that it is compared with; nil of
  ///   fields that are no addresses.
  init(_ fields: [Field], addressWidths: [Int?]) throws(TableError) {
    var wanted: [[FieldPlace]] = []
    for (field, width) in zip(fields, addressWidths) {
      wanted.append(try Self.places(of: field, addressWidth: width))
    }
    slots = fields.map { _ in Slot(width: 0, low: (0, 0)) }
    // The widest first, so that what is left of a word is filled up by narrow ones.
    let order = wanted.indices.sorted { Self.bits(wanted[$0]) > Self.bits(wanted[$1]) }
    for index in order { add(wanted[index], for: index) }
    guard width <= Self.greatestWidth else {
      throw TableError("the fields of a key take \(width) words of 64 bits")
    }
  }

  private static func places(
    of field: Field, addressWidth: Int?
  ) throws(TableError) -> [FieldPlace] {
    let places = field.places.all
    guard let addressWidth else {
      // Of a field of addresses that is compared with nothing, either version will do.
      return places.allSatisfy { $0.width <= 64 } ? places : Array(places.prefix(1))
    }
    let fitting = places.filter { $0.width == addressWidth }
    guard !fitting.isEmpty else {
      throw TableError("\(field) has no address of \(addressWidth) bits")
    }
    return fitting
  }

  /// A bias may carry out of the bits of the place.
  private static func bits(_ places: [FieldPlace]) -> Int {
    places.map { $0.width + ($0.bias == 0 ? 0 : 1) }.max() ?? 0
  }

  private mutating func add(_ places: [FieldPlace], for field: Int) {
    let bits = Self.bits(places)
    let low = room(for: min(bits, 64))
    let high = bits > 64 ? room(for: bits - 64) : nil
    slots[field] = Slot(width: bits, low: low, high: high)
    for (number, place) in places.enumerated() {
      let role: MatchKey.Role = places.count == 1 ? .all : number == 0 ? .either : .other
      let parts = place.parts
      steps.append(step(parts.low, place, low, role))
      if let part = parts.high, let high { steps.append(step(part, place, high, role)) }
    }
  }

  private mutating func room(for bits: Int) -> (word: Int, shift: Int) {
    let word = usedBits.firstIndex { $0 + bits <= 64 } ?? usedBits.count
    if word == usedBits.count { usedBits.append(0) }
    defer { usedBits[word] += bits }
    return (word, usedBits[word])
  }

  private func step(
    _ part: FieldPart, _ place: FieldPlace, _ target: (word: Int, shift: Int), _ role: MatchKey.Role
  ) -> MatchKey.Step {
    MatchKey.Step(
      part: part, bias: place.bias, shift: UInt64(target.shift), word: target.word, role: role)
  }

  /// The key of a packet that has these values, or nil when no packet has.
  func key(_ values: [FieldValue]) -> [UInt64]? {
    var words = [UInt64](repeating: 0, count: width)
    for (slot, value) in zip(slots, values) {
      let bits = value.bits
      guard slot.width >= 128 || bits >> UInt128(slot.width) == 0 else { return nil }
      words[slot.low.word] |= UInt64(truncatingIfNeeded: bits) << UInt64(slot.low.shift)
      if let high = slot.high {
        words[high.word] |= UInt64(truncatingIfNeeded: bits >> 64) << UInt64(high.shift)
      }
    }
    return words
  }
}

extension FieldValue {
  var bits: UInt128 {
    switch self {
    case .number(let number): UInt128(number)
    case .mac(let address): UInt128(address.value)
    case .ipv4(let address): UInt128(address.value)
    case .ipv6(let address): UInt128(address.high) << 64 | UInt128(address.low)
    }
  }

  /// How many bits an address of this version has; nil of what is no address of IP.
  var addressWidth: Int? {
    switch self {
    case .number, .mac: nil
    case .ipv4: 32
    case .ipv6: 128
    }
  }
}
