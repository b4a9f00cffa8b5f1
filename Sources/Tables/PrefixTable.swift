// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Rules that ask for blocks of addresses of one field, of either version.
///
/// The rule with the lowest number wins, not the one with the longest prefix: each block has the
/// lowest number of all blocks that it lies in.
public struct PrefixTable: ~Copyable {
  @usableFromInline let ipv4: PrefixTrie
  @usableFromInline let ipv6: PrefixTrie
  @usableFromInline let ipv4Part: FieldPart
  @usableFromInline let ipv6High: FieldPart
  @usableFromInline let ipv6Low: FieldPart
  @usableFromInline let hasIPv4: Bool
  @usableFromInline let hasIPv6: Bool
  /// By packet: the address, or its upper and its lower half.
  @usableFromInline let addresses: UnsafeMutablePointer<UInt64>
  public let room: TableRoom

  public struct Rule: Sendable {
    public var prefix: IPPrefix
    public var number: UInt32

    public init(prefix: IPPrefix, number: UInt32) {
      self.prefix = prefix
      self.number = number
    }
  }

  public init(_ field: Field, _ rules: [Rule]) throws(TableError) {
    let places = field.places.all
    let (small, large) = (
      places.first { $0.width == 32 }?.parts, places.first { $0.width == 128 }?.parts
    )
    guard let low = small?.low ?? large?.low else { throw TableError("\(field) is no address") }
    let ipv4Rules = small == nil ? [] : rules.filter { $0.prefix.address.bits == 32 }
    let ipv6Rules = large == nil ? [] : rules.filter { $0.prefix.address.bits == 128 }
    let ipv4 = try PrefixTrie(ipv4Rules)
    let ipv6 = try PrefixTrie(ipv6Rules)
    var room = ipv4.room
    room += ipv6.room
    self.room = room
    self.ipv4 = ipv4
    self.ipv6 = ipv6
    hasIPv4 = !ipv4Rules.isEmpty
    hasIPv6 = !ipv6Rules.isEmpty
    ipv4Part = small?.low ?? low
    ipv6Low = large?.low ?? low
    ipv6High = large?.high ?? low
    addresses = .allocate(capacity: 128)
    addresses.initialize(repeating: 0, count: 128)
  }

  deinit { addresses.deallocate() }

  /// Brings `results` of the packets of `selection` down to the number of the rule that they match.
  @inlinable
  public func lookUp<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, _ results: UnsafeMutablePointer<UInt32>
  ) {
    if hasIPv4 {
      let found = ipv4Part.gather(
        selection, source, shift: 32, into: addresses, stride: 1, replaces: true)
      ipv4.lookUp(found, addresses, addresses, results)
    }
    if hasIPv6 {
      let found = ipv6High.gather(
        selection, source, into: addresses, stride: 1, replaces: true)
      _ = ipv6Low.gather(found, source, into: addresses + 64, stride: 1, replaces: true)
      ipv6.lookUp(found, addresses, addresses + 64, results)
    }
  }
}
