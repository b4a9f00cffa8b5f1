// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings

extension QueueStage {
  static func refuseContradictions(_ settings: SettingValues) throws(SettingsError) {
    if settings[mode] == .virtual {
      let strangers: [any SettingDeclaration] = [
        scheduler, weights, priorityCapacity, packets, port, pause,
      ]
      for stranger in strangers where settings.isGiven(stranger) {
        throw settings.error(
          stranger,
          "'\(stranger.name)' is of mode: real; a virtual queue is one for all, and keeps"
            + " nothing", fix: "leave it out")
      }
      if let mark = settings[mark], mark[decide] == .dequeue {
        throw mark.error(
          decide, "packets do not leave a virtual queue", fix: "leave 'decide' out")
      }
    }
    try refuseWeights(settings)
  }

  private static func refuseWeights(_ settings: SettingValues) throws(SettingsError) {
    guard settings[scheduler] == .dwrr else {
      guard settings[weights] == nil else {
        throw settings.error(
          weights, "weights are of scheduler: dwrr", fix: "use that, or leave them out")
      }
      return
    }
    let count = settings[weights]?.count ?? 0
    guard count == EgressQueue.priorityCount else {
      throw settings.error(
        weights, "scheduler dwrr needs 8 weights, and there are \(count)",
        fix: "write the weights of priorities 0 to 7, such as [1, 1, 1, 8, 8, 1, 0, 0]")
    }
  }

  static func marking(
    _ settings: SettingValues?, _ rate: UInt64, _ context: StageContext
  ) throws(SettingsError) -> ECNMarking {
    guard let settings else {
      let values = try SettingValues(MarkSettings.all)
      return ECNMarking(
        classic: .never, isOfDelay: false, scalable: nil, values, seed: context.nextSeed())
    }
    let marking = try MarkSettings.marking(settings, rate: rate, context)
    if marking.measuresDelay, settings[decide] == .enqueue {
      throw settings.error(
        decide, "how long a packet waits is known when it leaves",
        fix: "write decide: dequeue, or leave it out")
    }
    if marking.average > 0, marking.measuresDelay || settings[decide] == .dequeue {
      throw settings.error(
        MarkSettings.average, "an average is taken of the depths that packets find",
        fix: "leave 'average' out, or decide: enqueue without delays")
    }
    return marking
  }

  static func buffer(_ settings: SettingValues) -> PauseThresholds.Buffer {
    PauseThresholds.Buffer(
      capacity: settings[capacity].map(UInt64.init) ?? usualCapacity,
      priorityCapacity: settings[priorityCapacity].map(UInt64.init))
  }

  /// In bytes.
  private static var usualCapacity: UInt64 { 12_000_000 }

  static func egress(_ settings: SettingValues, _ rate: UInt64) -> EgressQueue {
    let isReal = settings[mode] == .real
    return EgressQueue(
      rate: rate, settings[scheduler].discipline,
      capacity: EgressQueue.Capacity(
        bytes: settings[capacity].map(UInt64.init) ?? usualCapacity,
        bytesOfPriority: settings[priorityCapacity].map(UInt64.init) ?? .max,
        packets: isReal ? settings[packets] : 0),
      weights: (settings[weights] ?? []).map(UInt32.init))
  }
}
