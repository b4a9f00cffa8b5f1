// SPDX-License-Identifier: BSD-3-Clause

/// Gathers the bits to be written by header, and lays windows over them.
struct RewriteCompiler {
  private var groups: [Group] = []

  mutating func add(_ field: Field, _ value: FieldValue) throws(FieldError) {
    if case .readOnly(let reason) = field.access {
      throw FieldError("\(field.name) cannot be set: \(reason)")
    }
    guard field.kind.holds(value) else {
      throw FieldError("\(field.name) cannot hold \(value.text)")
    }
    for place in field.places.all where place.width == value.width ?? place.width {
      let index = group(for: place)
      guard groups[index].set(value.words, at: place) else {
        throw FieldError("\(field.name) sets bits that are already set to something")
      }
    }
  }

  var instructions: [RewriteInstruction] { groups.flatMap(\.instructions) }

  private mutating func group(for place: FieldPlace) -> Int {
    if let index = groups.firstIndex(where: { $0.takes(place) }) { return index }
    groups.append(Group(place))
    return groups.count - 1
  }

  /// The bits of one header that the same checksums cover.
  private struct Group {
    let place: FieldPlace
    var bits: [UInt8]
    var touched: [UInt8]

    init(_ place: FieldPlace) {
      self.place = place
      bits = Array(repeating: 0, count: place.headerLength)
      touched = bits
    }

    func takes(_ other: FieldPlace) -> Bool {
      place.layers == other.layers && place.slot == other.slot
        && place.checksums == other.checksums
    }

    /// False when one of the bits was set before.
    mutating func set(_ words: (high: UInt64, low: UInt64), at place: FieldPlace) -> Bool {
      for index in 0..<place.width {
        let significance = place.width - 1 - index
        let word = significance >= 64 ? words.high : words.low
        let bit = UInt8(word >> UInt64(significance % 64) & 1)
        let (byte, shift) = ((place.bit + index) / 8, 7 - (place.bit + index) % 8)
        guard touched[byte] & 1 << UInt8(shift) == 0 else { return false }
        touched[byte] |= 1 << UInt8(shift)
        bits[byte] |= bit << UInt8(shift)
      }
      return true
    }

    var instructions: [RewriteInstruction] {
      let windows = windows
      return stride(from: 0, to: windows.count, by: 2).map { index in
        let second = index + 1 < windows.count ? windows[index + 1] : nil
        return RewriteInstruction(
          layers: place.layers.rawValue, slot: UInt8(place.slot.rawValue),
          checksums: place.checksums, first: windows[index], second: second,
          covered: SIMD2(covered(windows[index]), second.map(covered) ?? 0))
      }
    }

    private func covered(_ window: RewriteWindow) -> UInt64 {
      place.covered(from: window.start) & ~window.kept
    }

    /// Each begins at an even byte and stays within the header, or, before a header of less than
    /// 8 bytes, within the packet. What a window covers, a later one leaves alone.
    private var windows: [RewriteWindow] {
      var result: [RewriteWindow] = []
      var covered = 0
      while let byte = touched.indices.first(where: { $0 >= covered && touched[$0] != 0 }) {
        let start = min(byte & ~1, place.headerLength - 8)
        result.append(window(at: start, from: covered))
        covered = start + 8
      }
      return result
    }

    private func window(at start: Int, from covered: Int) -> RewriteWindow {
      var (mask, value): (UInt64, UInt64) = (0, 0)
      for byte in start..<start + 8 {
        mask = mask << 8 | UInt64(byte >= covered ? touched[byte] : 0)
        value = value << 8 | UInt64(byte >= covered ? bits[byte] : 0)
      }
      return RewriteWindow(start: start, kept: ~mask.bigEndian, bits: value.bigEndian)
    }
  }
}

extension FieldKind {
  /// Whether the value is of this kind and not too great.
  fileprivate func holds(_ value: FieldValue) -> Bool {
    switch (self, value) {
    case (.number, .number(let number)), (.hexadecimal, .number(let number)),
      (.named, .number(let number)), (.boolean, .number(let number)):
      number <= greatest
    case (.mac, .mac(let address)): address.value <= greatest
    case (.ipv4, .ipv4), (.ip, .ipv4), (.ipv6, .ipv6), (.ip, .ipv6): true
    default: false
    }
  }
}

extension FieldValue {
  fileprivate var text: String { FieldKind.number(bits: 64).text(of: self) }

  fileprivate var words: (high: UInt64, low: UInt64) {
    switch self {
    case .number(let number): (0, number)
    case .mac(let address): (0, address.value)
    case .ipv4(let address): (0, UInt64(address.value))
    case .ipv6(let address): (address.high, address.low)
    }
  }

  /// The width that tells apart the places of an address of either version.
  fileprivate var width: Int? {
    switch self {
    case .ipv4: 32
    case .ipv6: 128
    case .number, .mac: nil
    }
  }
}
