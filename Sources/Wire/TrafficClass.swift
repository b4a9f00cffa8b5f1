// SPDX-License-Identifier: BSD-3-Clause
import Synchronization

/// What a rule calls the packets that it matches, such as `lossless`: a name that users see, as a
/// number that packets can carry.
///
/// Names are numbered as they are met, the same in the whole process, and never forgotten; nothing
/// that users see depends on the numbers.
@frozen
public struct TrafficClass: Hashable, Sendable, BitwiseCopyable {
  public let number: UInt16

  @inlinable init(number: UInt16) { self.number = number }

  /// The class of packets that no rule gave one.
  @inlinable public static var none: TrafficClass { TrafficClass(number: 0) }

  /// So many names can be told apart.
  public static var capacity: Int { 4096 }

  /// The class of that name, new or known; nil when there are too many.
  public init?(named name: String) {
    guard let number = Self.names.number(of: name) else { return nil }
    self.number = number
  }

  public var name: String { Self.name(ofNumber: UInt64(number)) ?? "none" }

  static func name(ofNumber number: UInt64) -> String? {
    names.name(of: number)
  }

  private static let names = ClassNames()
}

/// The names of all classes. Embedded Swift has no mutex, so this one turns: names are looked up
/// while files are read and reports are made, never for a packet.
private final class ClassNames: @unchecked Sendable {
  private let isTaken = Atomic<Bool>(false)
  private var all = ["none"]
  private var numbers: [String: UInt16] = ["none": 0]

  func number(of name: String) -> UInt16? {
    locked {
      if let known = numbers[name] { return known }
      guard all.count < TrafficClass.capacity else { return nil }
      let number = UInt16(all.count)
      all.append(name)
      numbers[name] = number
      return number
    }
  }

  func name(of number: UInt64) -> String? {
    locked { number < UInt64(all.count) ? all[Int(number)] : nil }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    while isTaken.exchange(true, ordering: .acquiring) {}
    defer { isTaken.store(false, ordering: .releasing) }
    return body()
  }
}

/// What a meter found of a packet (RFC 2697 section 3, RFC 2698 section 3).
@frozen
public enum PacketColor: UInt8, CaseIterable, Hashable, Sendable, BitwiseCopyable {
  /// No meter has seen the packet.
  case none
  case green, yellow, red

  public var name: String {
    switch self {
    case .none: "none"
    case .green: "green"
    case .yellow: "yellow"
    case .red: "red"
    }
  }
}
