// SPDX-License-Identifier: BSD-3-Clause
import Settings

extension PipelineFileReader {
  /// `name: DEVICE` or `name: {device: DEVICE, …}`.
  func port(_ entry: YAMLEntry) -> PortSection {
    checkName(of: entry, "port")
    let owner = "port '\(entry.key.shortened)'"
    var device = entry.value
    var settings: [YAMLEntry] = []
    if case .mapping(let entries) = entry.value.content {
      settings = entries.filter { $0.key != "device" }
      guard let found = entries.first(where: { $0.key == "device" }) else {
        log.error(
          at: entry.keyLocation, "\(owner) has no device", fix: "add 'device: …', such as \"null:\""
        )
        return PortSection(
          name: entry.key, device: "", deviceLocation: entry.keyLocation,
          settings: SettingValues(), location: entry.keyLocation)
      }
      device = found.value
    }
    for setting in settings { checkIsPortSetting(setting, owner) }
    let known = settings.filter { entry in
      catalog.portSettings.contains { $0.name == entry.key }
    }
    var reader = SettingsReader(log)
    let values = reader.read(
      known, as: catalog.portSettings, of: owner, at: entry.keyLocation)
    return PortSection(
      name: entry.key, device: deviceText(device, owner), deviceLocation: device.location,
      settings: values, location: entry.keyLocation)
  }

  private func checkIsPortSetting(_ entry: YAMLEntry, _ owner: String) {
    let names = catalog.portSettings.map(\.name)
    if !names.contains(entry.key) {
      log.unknownKey(entry, of: owner, among: ["device"] + names)
    }
  }

  private func deviceText(_ node: YAMLNode, _ owner: String) -> String {
    guard case .scalar(let scalar) = node.content, !scalar.isAbsent else {
      if case .unreadable = node.content { return "" }
      log.error(
        at: node.location, "\(owner): expected a device, found \(node.noun)",
        fix: "write a device such as \"null:\" or pcap:in.pcap")
      return ""
    }
    if let problem = catalog.deviceProblem(scalar.text) {
      let place = node.location(ofCharacters: problem.offset, length: problem.length)
      log.error(
        at: place, "\(owner): \(problem.message)", fix: problem.fix,
        note: scalar.origin(ofCharacters: problem.offset, length: problem.length))
    }
    return scalar.text
  }
}
