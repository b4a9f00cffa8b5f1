// SPDX-License-Identifier: BSD-3-Clause

/// One way to meet a condition: all of this must hold of a packet.
///
/// A condition is met by the packets that meet any of its conjunctions. Tables are made of them,
/// and whether one rule leaves anything to another is seen by them.
public struct Conjunction: Hashable, Sendable {
  /// Of each of these, at least one layer must be there.
  public private(set) var present: Set<Layers> = []
  /// None of these may be there.
  public private(set) var absent: Layers = []
  /// What the bits of the fields' places may be: ascending ranges that do not touch, of the bits
  /// in place, without the place's bias. A place demands its header too.
  public private(set) var values: [MaskedPlace: [ClosedRange<UInt128>]] = [:]

  /// A field's place, and which of its bits count.
  public struct MaskedPlace: Hashable, Sendable {
    public let place: FieldPlace
    public let mask: UInt128

    public init(place: FieldPlace, mask: UInt128) {
      self.place = place
      self.mask = mask
    }

    public var isWhole: Bool { mask == place.greatest }
  }

  /// Holds of every packet.
  public init() {}

  /// Holds of the packets with one of these values in each place.
  public init(_ values: [FieldPlace: [ClosedRange<UInt128>]]) {
    for (place, ranges) in values {
      demand(MaskedPlace(place: place, mask: place.greatest), in: ranges)
    }
  }

  /// Whether no packet can meet it.
  public private(set) var isContradiction = false
}

extension Conjunction {
  mutating func demand(_ layers: Layers) {
    present.insert(layers)
    settle()
  }

  mutating func refuse(_ layers: Layers) {
    absent.formUnion(layers)
    settle()
  }

  /// `ranges` are those of the masked bits.
  mutating func demand(_ place: MaskedPlace, in ranges: [ClosedRange<UInt128>]) {
    if !place.place.layers.isEmpty { present.insert(place.place.layers) }
    let old = values[place] ?? [0...UInt128.max]
    let both = old.intersection(ranges)
    values[place] = both
    if both.isEmpty { isContradiction = true }
    settle()
  }

  /// The packets that meet both.
  func and(_ other: Conjunction) -> Conjunction {
    var result = self
    result.present.formUnion(other.present)
    result.absent.formUnion(other.absent)
    result.isContradiction = isContradiction || other.isContradiction
    for (place, ranges) in other.values { result.demand(place, in: ranges) }
    result.settle()
    return result
  }

  private mutating func settle() {
    guard !isContradiction else { return }
    isContradiction =
      present.contains { $0.subtracting(absent).isEmpty }
      || Self.exclusive.contains { group in
        group.indices.contains { first in
          group[..<first].contains { demands(group[first]) && demands($0) }
        }
      }
  }

  private func demands(_ layer: Layers) -> Bool { present.contains(layer) }

  /// Headers of which a packet has one at most.
  private static let exclusive: [[Layers]] = [
    [.ipv4, .ipv6, .arp], [.udp, .tcp, .icmp, .icmpv6, .arp], [.innerIPv4, .innerIPv6],
    [.innerUDP, .innerTCP, .innerICMP, .innerICMPv6],
  ]

  /// Whether every packet that meets this one meets `other` too, as far as can be told without
  /// looking at more than one place at a time.
  public func implies(_ other: Conjunction) -> Bool {
    guard absent.isSuperset(of: other.absent) else { return false }
    guard other.present.allSatisfy({ guarantees($0) }) else { return false }
    return other.values.allSatisfy { place, ranges in
      values[place].map { ranges.contains($0) } ?? false
    }
  }

  private func guarantees(_ layers: Layers) -> Bool {
    present.contains { demanded in
      demanded.isSubset(of: layers)
        || Self.carriers.contains { $0.carried == demanded && $0.carrier.isSubset(of: layers) }
    }
  }

  /// What a header cannot be there without.
  private static let carriers: [(carried: Layers, carrier: Layers)] =
    [
      (.udp, .ip), (.tcp, .ip), (.icmp, .ipv4), (.icmpv6, .ipv6), (.secondVLAN, .vlan),
    ]
    + [.rdeth, .deth, .xrceth, .feth, .reth, .atomicETH, .aeth, .atomicAckETH, .immDt, .ieth].map {
      ($0, .bth)
    } + [.ack, .nak, .rnrNAK].map { ($0, .aeth) }
}

extension FieldPlace {
  /// All of its bits.
  public var greatest: UInt128 { .max >> UInt128(128 - width) }
}

extension [ClosedRange<UInt128>] {
  /// Both ascending and disjoint.
  fileprivate func intersection(_ other: [ClosedRange<UInt128>]) -> [ClosedRange<UInt128>] {
    var result: [ClosedRange<UInt128>] = []
    var (one, two) = (startIndex, other.startIndex)
    while one < endIndex, two < other.endIndex {
      let low = Swift.max(self[one].lowerBound, other[two].lowerBound)
      let high = Swift.min(self[one].upperBound, other[two].upperBound)
      if low <= high { result.append(low...high) }
      if self[one].upperBound < other[two].upperBound { one += 1 } else { two += 1 }
    }
    return result
  }

  fileprivate func contains(_ other: [ClosedRange<UInt128>]) -> Bool {
    intersection(other) == other
  }

  /// What is left of the numbers up to `greatest`.
  func complement(upTo greatest: UInt128) -> [ClosedRange<UInt128>] {
    var result: [ClosedRange<UInt128>] = []
    var next: UInt128? = 0
    for range in self {
      guard let low = next else { break }
      if range.lowerBound > low { result.append(low...(range.lowerBound - 1)) }
      next = range.upperBound < greatest ? range.upperBound + 1 : nil
    }
    if let low = next { result.append(low...greatest) }
    return result
  }
}
