// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings
import Wire

/// Finds the headers of every packet; later stages and conditions read what it found.
public struct Parse: Stage, ~Copyable {
  public static var name: String { "parse" }
  public static var summary: String {
    "Finds each packet's headers, which later stages and conditions read."
  }
  public static var settings: [any SettingDeclaration] { [malformed] + options }
  public static var headers: HeaderUse { .fills }
  public static var example: String {
    """
    - parse
    - parse: {malformed: pass}
    - parse:
        reliable-datagram: dc
        roce-ports: [4791, 4792]
        iwarp: detect
    """
  }

  static let malformed: Setting<MalformedPackets> = .choice(
    "malformed", default: .drop,
    "What happens to a packet that is cut or malformed; either way it is counted by its reason")

  /// What to do with a packet whose headers are wrong.
  enum MalformedPackets: String, CaseIterable, Sendable {
    case drop, pass
  }

  private let drops: Bool
  private let parser: Parser
  /// By malformation: the reason to drop for.
  private let reasons: UnsafeMutablePointer<DropReason>
  /// By malformation: how many were let pass.
  private let passed: UnsafeMutablePointer<UInt64>

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let options = try Self.parserOptions(settings)
    drops = settings[Self.malformed] == .drop
    parser = Parser(options)
    let kinds = Malformation.allCases
    let count = kinds.reduce(0) { max($0, Int($1.rawValue)) } + 1
    reasons = .allocate(capacity: count)
    reasons.initialize(repeating: .noVerdict, count: count)
    for kind in kinds where kind != .none {
      reasons[Int(kind.rawValue)] = context.reason(kind.name)
    }
    passed = .allocate(capacity: count)
    passed.initialize(repeating: 0, count: count)
  }

  deinit {
    reasons.deallocate()
    passed.deallocate()
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    var malformed = Selection()
    burst.parserRules = parser.rules
    for index in selection {
      // The bytes of packets fresh from a NIC are not in the cache yet.
      let ahead = index &+ 8
      if ahead < Burst.capacity && selection.contains(ahead) {
        cdpdk_prefetch(burst.bytes(ahead))
      }
      let isSound = Self.parseOne(index, of: &burst)
      if !isSound && burst.headers(index).pointee.malformation != .none { malformed.insert(index) }
    }
    burst.noteLayers(of: selection)
    if !malformed.isEmpty { settle(malformed, in: &burst) }
  }

  @discardableResult
  @inline(__always)
  private static func parseOne(_ index: Int, of burst: inout Burst) -> Bool {
    parse(
      burst.bytes(index), captured: Int(burst.packet(index).pointee.data_length),
      wireLength: Int(burst.wireLength(index)), link: burst.link, by: burst.parserRules,
      into: burst.mutableHeaders(index))
  }

  /// Finds a packet's headers anew after a stage moved them; what the packet was marked with stays.
  static func parseAgain(_ index: Int, of burst: inout Burst) {
    let old = burst.headers(index).pointee
    parseOne(index, of: &burst)
    burst.mutableHeaders(index).pointee.keepMarks(of: old)
    burst.noteLayers(of: Selection(bits: 1 << UInt64(index)))
  }

  @inline(never)
  private func settle(_ malformed: Selection, in burst: inout Burst) {
    for index in malformed {
      let kind = Int(burst.headers(index).pointee.malformation.rawValue)
      if drops {
        burst.drop(index, reasons[kind])
      } else {
        passed[kind] &+= 1
      }
    }
  }

  public func figures() -> [StageFigure] {
    Malformation.allCases.compactMap { kind in
      let count = passed[Int(kind.rawValue)]
      return count > 0 ? StageFigure(kind.name, count) : nil
    }
  }
}
