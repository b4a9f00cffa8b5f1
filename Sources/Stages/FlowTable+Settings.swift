// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Tables

/// What a full table does with a new flow.
enum FullTable: String, CaseIterable, Sendable {
  case evict, pass
}

/// What can be set of any table of flows, and what it reports.
extension FlowTable {
  static let capacitySetting: Setting<Int> = .integer(
    "capacity", in: 1...largestCapacity, default: 65536,
    "Room for so many, at \(bytesPerFlow) bytes each on each worker")
  static let idleSetting: Setting<UInt64> = .duration(
    "idle", in: 1e-6...31_536_000, default: "30s",
    "One that had no packet for longer than this is over")
  static let whenFullSetting: Setting<FullTable> = .choice(
    "when-full", default: .evict,
    "Give up the longest idle of \(evictionCandidates) for a new one, or count and pass what is new"
  )
  static let settings: [any SettingDeclaration] = [capacitySetting, idleSetting, whenFullSetting]

  /// A table as the settings want it; a small one when the file is only being checked.
  static func make(
    _ settings: SettingValues, _ context: StageContext, pairs: Bool
  ) throws(SettingsError) -> FlowTable {
    let capacity = settings[capacitySetting]
    context.tableMemory.add(byteCount(capacity: capacity))
    let table = FlowTable(
      capacity: context.mode == .check ? 1 : capacity, idle: settings[idleSetting],
      evicts: settings[whenFullSetting] == .evict, pairs: pairs, seed: context.nextSeed(),
      pages: context.tablePages)
    guard let table else {
      throw settings.error(
        capacitySetting, "this machine has no \(byteCount(capacity: capacity)) bytes for the table",
        fix: "set a lower capacity")
    }
    return table
  }

  /// - Parameter missing: packets without a key.
  borrowing func figures(missing: StageFigure) -> [StageFigure] {
    let figures = [
      StageFigure("begun anew: was idle", counts.restarted),
      StageFigure("begun anew: connected again", counts.reconnected),
      StageFigure("aged out", counts.agedOut),
      StageFigure("evicted", counts.evicted),
      StageFigure("not tracked: table full", counts.refused &- counts.collided),
      StageFigure("not tracked: buckets full", counts.collided), missing,
    ]
    return [
      StageFigure("capacity", UInt64(capacity)), StageFigure("bytes of memory", UInt64(byteCount)),
      StageFigure("in use", UInt64(inUse)), StageFigure("inserted", counts.inserted),
    ] + figures.filter { $0.value > 0 }
  }
}
