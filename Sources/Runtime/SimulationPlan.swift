// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings

/// The simulation that a file describes, with its names resolved.
struct SimulationPlan {
  struct Cable {
    var ends: [PortIndex]
    var delay: UInt64
  }

  struct Traffic {
    var from: PortIndex
    var to: PortIndex
    var settings: SettingValues
  }

  let settings: SettingValues
  private(set) var cables: [Cable] = []
  private(set) var traffic: [Traffic] = []
  private(set) var problems: [Diagnostic] = []
  /// By port: what it was said to be.
  private var uses: [PortIndex: String] = [:]

  init(_ settings: SettingValues, _ plan: NICPlan) {
    self.settings = settings
    for record in settings[SimulationSettings.cables] { addCable(record, plan) }
    for record in settings[SimulationSettings.traffic] { addTraffic(record, plan) }
    if settings[SimulationSettings.settle] >= settings[SimulationSettings.time] {
      complain(
        settings, SimulationSettings.settle, "the summary would have no time left",
        fix: "let 'settle' be shorter than 'time'")
    }
  }

  private mutating func addCable(_ record: SettingValues, _ plan: NICPlan) {
    let names = record[SimulationSettings.ends]
    guard names.count == 2, names[0] != names[1] else {
      return complain(
        record, SimulationSettings.ends, "a cable joins two ports", fix: "write '[PORT, PORT]'")
    }
    let ends = names.compactMap { port($0, record, SimulationSettings.ends, plan) }
    guard ends.count == 2 else { return }
    for (end, name) in zip(ends, names) {
      if uses.updateValue("an end of a cable", forKey: end) != nil {
        complain(
          record, SimulationSettings.ends, "port '\(name)' is an end of two cables",
          fix: "give each cable ports of its own")
      }
    }
    cables.append(Cable(ends: ends, delay: record[SimulationSettings.delay]))
  }

  private mutating func addTraffic(_ record: SettingValues, _ plan: NICPlan) {
    var ports: [PortIndex] = []
    for setting in [SimulationSettings.from, SimulationSettings.to] {
      guard let index = port(record[setting], record, setting, plan) else { continue }
      ports.append(index)
      if let use = uses[index], use != "a host" {
        complain(
          record, setting, "port '\(record[setting])' is \(use), so that no host is there",
          fix: "name a port without a cable")
      }
      uses[index] = "a host"
      if plan.ports[Int(index.value)].entry == nil {
        complain(
          record, setting, "port '\(record[setting])' is no pipeline's input",
          fix: "write 'input: \(record[setting])' in a pipeline")
      }
    }
    guard ports.count == 2 else { return }
    traffic.append(Traffic(from: ports[0], to: ports[1], settings: record))
  }

  private mutating func port(
    _ name: String, _ record: SettingValues, _ setting: some SettingDeclaration, _ plan: NICPlan
  ) -> PortIndex? {
    if let index = plan.portIndices[name] { return index }
    complain(
      record, setting, "no port '\(name)' is defined", fix: "define it under 'ports:'")
    return nil
  }

  private mutating func complain(
    _ record: SettingValues, _ setting: some SettingDeclaration, _ message: String, fix: String
  ) {
    guard let place = record.location(of: setting) ?? record.location ?? settings.location
    else { return }
    problems.append(Diagnostic(.error, at: place, message, fix: fix))
  }
}

extension NICPlan {
  /// The simulation that the file describes, if it does.
  var simulation: SimulationPlan? {
    file.engine[EngineSettings.simulation].map { SimulationPlan($0, self) }
  }
}
