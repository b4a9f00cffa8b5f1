// SPDX-License-Identifier: BSD-3-Clause
import Settings

extension PipelineFileReader {
  /// `name: {input: PORT or [PORT, …], stages: […]}`.
  func pipeline(_ entry: YAMLEntry) -> PipelineSection {
    checkName(of: entry, "pipeline")
    let owner = "pipeline '\(entry.key.shortened)'"
    var section = PipelineSection(
      name: entry.key, inputs: [], stages: [], location: entry.keyLocation)
    section.isComplete = false
    var hasWholeInput = true
    guard case .mapping(let entries) = entry.value.content else {
      if case .unreadable = entry.value.content { return section }
      let isList = if case .sequence = entry.value.content { true } else { false }
      log.error(
        at: entry.value.location,
        "\(owner): expected a mapping with 'input' and 'stages', found \(entry.value.noun)",
        fix: isList ? "write 'stages:' above the list" : "write 'stages:' and a list below")
      return section
    }
    for field in entries {
      switch field.key {
      case "input":
        section.inputs = inputs(field.value, owner)
        hasWholeInput = !section.inputs.isEmpty
      case "stages": readStages(field.value, into: &section, owner)
      default: log.unknownKey(field, of: owner, among: ["input", "stages"])
      }
    }
    if !entries.contains(where: { $0.key == "stages" }) {
      log.error(
        at: entry.keyLocation, "\(owner) has no stages", fix: "add 'stages:' and a list below")
    }
    section.isComplete = section.isComplete && hasWholeInput
    return section
  }

  private func inputs(
    _ node: YAMLNode, _ owner: String
  ) -> [(port: String, location: SourceLocation)] {
    let items: [YAMLNode]
    switch node.content {
    case .sequence(let found): items = found
    default: items = [node]
    }
    if items.isEmpty {
      log.error(
        at: node.location, "'input' of \(owner) names no port",
        fix: "name a port, or remove 'input' when only a jump leads here")
    }
    var reader = SettingsReader(log)
    return items.compactMap { item in
      let value = reader.value(item, of: .port, name: "'input' of \(owner)")
      guard case .text(let name) = value else { return nil }
      return (name, item.location)
    }
  }

  private func readStages(
    _ node: YAMLNode, into section: inout PipelineSection, _ owner: String
  ) {
    guard case .sequence(let items) = node.content else {
      if case .unreadable = node.content { return }
      log.error(
        at: node.location, "'stages' of \(owner) must be a list, found \(node.noun)",
        fix: "write each stage on a line of its own, behind '- '")
      return
    }
    if items.isEmpty {
      log.error(
        at: node.location, "\(owner) has no stages", fix: "add a stage, such as '- send: PORT'")
    }
    let stages = items.map { stage($0) }
    section.stages = stages.compactMap { $0 }
    section.isComplete = section.stages.count == stages.count
  }
}
