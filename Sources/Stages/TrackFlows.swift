// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Tables
import Wire

/// Finds the flow of each packet in a table, and counts its packets and bytes.
public struct TrackFlows: Stage, ~Copyable {
  public static var name: String { "track-flows" }
  public static var summary: String {
    "Keeps a table of flows, by the 5-tuple or by fields of your choice, and counts their packets."
  }
  public static var settings: [any SettingDeclaration] { FlowTable.settings + [key, fold] }
  public static var shorthand: String? { FlowTable.capacitySetting.name }
  public static var example: String {
    """
    - track-flows
    - track-flows: {key: [eth.src, vlan.id], capacity: 4096, idle: 300s, when-full: pass}
    - track-flows: {key: [ip.src, ip.dst, ip.protocol], fold: true}
    """
  }

  static let key: Setting<[String]?> = .list(
    "key", of: .identifier,
    "Fields that tell flows apart; left out: addresses, protocol, and ports of UDP or TCP")
  static let fold: Setting<Bool> = .boolean(
    "fold", default: false, "Both directions are one flow")

  private var table: FlowTable
  private let fields: KeyFields?
  private let folds: Bool
  /// Packets that do not have every field of the key.
  private var withoutKey: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let fields = try Self.fields(settings)
    let table = try FlowTable.make(settings, context, pairs: false)
    self.fields = fields
    self.table = table
    folds = settings[Self.fold]
  }

  private static func fields(_ settings: SettingValues) throws(SettingsError) -> KeyFields? {
    guard let names = settings[key] else { return nil }
    do throws(KeyFieldsError) {
      return try KeyFields(names, folds: settings[fold])
    } catch {
      throw settings.error(key, error.message, fix: error.fix)
    }
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    let count = readKeys(burst, selection)
    _ = table.find(count)
    for number in 0..<count {
      let lookup = table.lookups + number
      burst.setFlow(Int(lookup.pointee.index), lookup.pointee.entry)
    }
    burst.flowDirectory = table.directory
  }

  @inline(__always)
  private mutating func readKeys(_ burst: borrowing Burst, _ selection: Selection) -> Int {
    var count = 0
    for index in selection {
      let lookup = table.lookups + count
      guard readKey(burst, index, into: lookup) else {
        withoutKey &+= 1
        continue
      }
      lookup.pointee.nanoseconds = burst.nanoseconds(index)
      lookup.pointee.length = burst.wireLength(index)
      lookup.pointee.index = UInt8(truncatingIfNeeded: index)
      table.prepare(count)
      count &+= 1
    }
    return count
  }

  @inline(__always)
  private func readKey(
    _ burst: borrowing Burst, _ index: Int, into lookup: UnsafeMutablePointer<FlowLookup>
  ) -> Bool {
    switch fields {
    case .some(let fields): fields.read(burst, index, into: lookup, table.hash)
    case .none:
      lookup.pointee.readConversation(
        burst.headers(index), burst.bytes(index), table.hash, folds: folds)
    }
  }

  public func figures() -> [StageFigure] {
    table.figures(missing: StageFigure("not tracked: without the key", withoutKey))
  }
}
