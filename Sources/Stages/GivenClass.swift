// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Wire

extension SettingValues {
  /// The class that a setting gives to packets, if any.
  func trafficClass(
    _ setting: Setting<String?>, _ context: StageContext
  ) throws(SettingsError) -> TrafficClass? {
    guard let name = self[setting] else { return nil }
    guard let found = TrafficClass(named: name) else {
      throw error(setting, "there are more than \(TrafficClass.capacity - 1) classes")
    }
    guard found != .none else {
      throw error(setting, "'none' is what packets without a class have", fix: "leave it out")
    }
    context.givesClass(found)
    return found
  }
}
