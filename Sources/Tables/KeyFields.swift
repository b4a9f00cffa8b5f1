// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// A key made of fields that a user chose, each in whole bytes, one behind the other.
public struct KeyFields: ~Copyable {
  /// Bytes that a key has room for.
  public static let capacity = MemoryLayout<FlowKey>.size

  @usableFromInline let fields: UnsafeMutablePointer<KeyField>
  @usableFromInline let count: Int
  /// Source and destination fields that change places when directions are folded.
  @usableFromInline let pairs: UnsafeMutablePointer<KeyPair>
  @usableFromInline let pairCount: Int

  /// - Parameter folds: whether both directions are to have one key.
  public init(_ names: [String], folds: Bool) throws(KeyFieldsError) {
    let fields = try Self.fields(names)
    let pairs = folds ? try Self.pairs(fields) : []
    self.fields = .allocate(capacity: fields.count)
    self.pairs = .allocate(capacity: max(pairs.count, 1))
    (count, pairCount) = (fields.count, pairs.count)
    var offset = 0
    for (place, field) in fields.enumerated() {
      (self.fields + place).initialize(to: KeyField(field, at: offset))
      offset += field.keyBytes
    }
    for (place, pair) in pairs.enumerated() {
      (self.pairs + place).initialize(
        to: KeyPair(
          source: self.fields[pair.source].offset,
          destination: self.fields[pair.destination].offset,
          width: self.fields[pair.source].width))
    }
  }

  deinit {
    fields.deallocate()
    pairs.deallocate()
  }

  private static func fields(_ names: [String]) throws(KeyFieldsError) -> [Field] {
    guard !names.isEmpty else { throw KeyFieldsError("the key has no fields", fix: "name some") }
    var fields: [Field] = []
    for name in names {
      guard let field = FieldTable.field(named: name) else {
        throw KeyFieldsError(
          "there is no field '\(name)'",
          fix: FieldTable.suggestion(for: name).map { "did you mean '\($0)'?" })
      }
      if fields.contains(field) { throw KeyFieldsError("'\(name)' is there twice") }
      fields.append(field)
    }
    let bytes = fields.reduce(0) { $0 + $1.keyBytes }
    guard bytes <= capacity else {
      let list = fields.map { "\($0.name) \($0.keyBytes)" }.joined(separator: ", ")
      throw KeyFieldsError(
        "the key takes \(bytes) bytes and may take \(capacity): \(list)",
        fix: "leave fields out, or name those of one IP version, such as ipv4.src")
    }
    return fields
  }

  /// The places of the fields that name the two ends.
  private static func pairs(
    _ fields: [Field]
  ) throws(KeyFieldsError) -> [(source: Int, destination: Int)] {
    var pairs: [(source: Int, destination: Int)] = []
    for (place, field) in fields.enumerated() {
      guard let name = field.mirrored else { continue }
      guard let other = fields.firstIndex(where: { $0.name == name }) else {
        throw KeyFieldsError(
          "directions cannot be folded: '\(field.name)' is in the key without '\(name)'",
          fix: "add '\(name)' to the key, or leave 'fold' out")
      }
      if field.name.hasSuffix(".src") { pairs.append((place, other)) }
    }
    guard !pairs.isEmpty else {
      throw KeyFieldsError(
        "directions cannot be folded: the key names no two ends",
        fix: "add a pair such as ip.src and ip.dst, or leave 'fold' out")
    }
    return pairs
  }

  /// Writes the packet's key; false where it has not all of the fields.
  @inlinable @inline(__always)
  public func read<Source: PacketSource & ~Copyable>(
    _ source: borrowing Source, _ index: Int, into lookup: UnsafeMutablePointer<FlowLookup>,
    _ hasher: FlowHash
  ) -> Bool {
    lookup.pointee.key = FlowKey()
    let key = UnsafeMutableRawPointer(lookup)
    for place in 0..<count {
      let field = fields + place
      guard let value = field.pointee.reader.value(in: source, at: index) else { return false }
      field.pointee.write(value, to: key)
    }
    if pairCount > 0 { fold(key) }
    lookup.pointee.hash = hasher(lookup.pointee.key)
    return true
  }

  /// Puts the lower end first.
  @usableFromInline
  func fold(_ key: UnsafeMutableRawPointer) {
    for place in 0..<pairCount {
      let order = pairs[place].order(in: key)
      if order == 0 { continue }
      if order > 0 {
        for place in 0..<pairCount { pairs[place].swap(in: key) }
      }
      return
    }
  }
}

/// A field of a key, and where in the key its bytes are.
@usableFromInline
struct KeyField: BitwiseCopyable {
  @usableFromInline let reader: FieldReader
  @usableFromInline let offset: Int
  @usableFromInline let width: Int

  init(_ field: Field, at offset: Int) {
    reader = field.reader
    self.offset = offset
    width = field.keyBytes
  }

  /// Fields are written in their order: what one writes past its end is zero or written again by
  /// the next, and behind the last one the scratch memory goes on.
  @inlinable @inline(__always)
  func write(_ value: FieldValue, to key: UnsafeMutableRawPointer) {
    switch value {
    case .number(let number): write(number, to: key)
    case .mac(let address): write(address.value, to: key)
    case .ipv4(let address):
      // In a field that either version has, as IPv6 maps it (RFC 4291, 2.5.5.2).
      let mapped = 0xffff_0000_0000 | UInt64(address.value)
      if width == 16 { writeWide(0, mapped, to: key) } else { write(mapped, to: key) }
    case .ipv6(let address): writeWide(address.high, address.low, to: key)
    }
  }

  @inlinable @inline(__always)
  func write(_ number: UInt64, to key: UnsafeMutableRawPointer) {
    let shifted = number &<< UInt64(64 &- 8 &* width)
    (key + offset).storeBytes(of: shifted.bigEndian, as: UInt64.self)
  }

  @inlinable @inline(__always)
  func writeWide(_ high: UInt64, _ low: UInt64, to key: UnsafeMutableRawPointer) {
    (key + offset).storeBytes(of: high.bigEndian, as: UInt64.self)
    (key + offset + 8).storeBytes(of: low.bigEndian, as: UInt64.self)
  }
}

/// Where a key holds the same field of both ends.
@usableFromInline
struct KeyPair: BitwiseCopyable {
  let source: Int
  let destination: Int
  let width: Int

  /// Positive when the source is the greater one, 0 when both are equal.
  func order(in key: UnsafeMutableRawPointer) -> Int {
    for byte in 0..<width {
      let one = key.load(fromByteOffset: source &+ byte, as: UInt8.self)
      let other = key.load(fromByteOffset: destination &+ byte, as: UInt8.self)
      if one != other { return Int(one) &- Int(other) }
    }
    return 0
  }

  func swap(in key: UnsafeMutableRawPointer) {
    for byte in 0..<width {
      let one = key.load(fromByteOffset: source &+ byte, as: UInt8.self)
      let other = key.load(fromByteOffset: destination &+ byte, as: UInt8.self)
      key.storeBytes(of: other, toByteOffset: source &+ byte, as: UInt8.self)
      key.storeBytes(of: one, toByteOffset: destination &+ byte, as: UInt8.self)
    }
  }
}

extension Field {
  /// Bytes that the field takes in a key.
  var keyBytes: Int { (kind.bits + 7) / 8 }

  /// The same field of the other end.
  fileprivate var mirrored: String? {
    if name.hasSuffix(".src") { return name.dropLast(4) + ".dst" }
    if name.hasSuffix(".dst") { return name.dropLast(4) + ".src" }
    return nil
  }
}

/// Why fields do not make a key.
public struct KeyFieldsError: Error, Hashable, CustomStringConvertible {
  public let message: String
  /// What to do about it.
  public let fix: String?

  init(_ message: String, fix: String? = nil) {
    self.message = message
    self.fix = fix
  }

  public var description: String { message }
}
