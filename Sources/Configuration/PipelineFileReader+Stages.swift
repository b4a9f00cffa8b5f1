// SPDX-License-Identifier: BSD-3-Clause
import Settings

extension PipelineFileReader {
  /// What may stand beside the stage's name.
  static let besideName = ["when", "id"]

  /// `name`, `name: value` or `name: {…}`, with `when:` and `id:` beside it; nil after a complaint
  /// that leaves the stage unknown.
  func stage(_ item: YAMLNode) -> StageSection? {
    switch item.content {
    case .unreadable: return nil
    case .scalar(let scalar) where !scalar.isAbsent:
      guard let description = description(of: scalar.text, at: item.location) else { return nil }
      return stage(description, nil, at: item.location)
    case .mapping(let entries): return stage(entries, at: item.location)
    default:
      log.error(
        at: item.location, "expected a stage, found \(item.noun)",
        fix: "write '- name', '- name: value' or '- name: {…}'")
      return nil
    }
  }

  private func stage(_ entries: [YAMLEntry], at location: SourceLocation) -> StageSection? {
    let named = entries.filter { !PipelineFileReader.besideName.contains($0.key) }
    guard let first = named.first else {
      log.error(at: location, "this item names no stage", fix: "write '- name:' first")
      return nil
    }
    if first.key == PipelineFileReader.use {
      return sharedStage(first, others: named.dropFirst(), in: entries)
    }
    guard let description = description(of: first.key, at: first.keyLocation) else { return nil }
    for other in named.dropFirst() { refuse(other, beside: description, at: first.keyLocation) }
    let strays = named.dropFirst().filter { entry in
      stages[entry.key] == nil && description.settings.contains { $0.name == entry.key }
    }
    guard
      var section = stage(description, first.value, strays: strays, at: first.keyLocation)
    else { return nil }
    readBeside(entries, into: &section)
    return section
  }

  /// What stands beside the stage's name.
  func readBeside(_ entries: [YAMLEntry], into section: inout StageSection) {
    for entry in entries {
      switch entry.key {
      case "when": readCondition(entry.value, into: &section)
      case "id": readID(entry.value, into: &section)
      default: break
      }
    }
  }

  private func description(of name: String, at location: SourceLocation) -> StageDescription? {
    if let found = stages[name] { return found }
    log.error(
      at: location, "unknown stage '\(name.shortened)'",
      fix: DiagnosticLog.proposal(for: name, among: catalog.stages.map(\.name), kind: "stages"))
    return nil
  }

  /// A second key in the item: another stage, or settings that lack their indentation.
  private func refuse(
    _ entry: YAMLEntry, beside stage: StageDescription, at location: SourceLocation
  ) {
    if stages[entry.key] != nil {
      log.error(
        at: entry.keyLocation, "two stages in one item: '\(stage.name)' and '\(entry.key)'",
        fix: "begin '\(entry.key)' with a '- ' of its own",
        note: .init("the item's first stage", at: location))
    } else if stage.settings.contains(where: { $0.name == entry.key }) {
      log.error(
        at: entry.keyLocation, "'\(entry.key)' must stand inside the settings of '\(stage.name)'",
        fix: "indent it further than '\(stage.name)'")
    } else {
      log.unknownKey(
        entry, of: "the item of stage '\(stage.name)'", among: PipelineFileReader.besideName)
    }
  }

  /// The stage with the settings that stand behind its name; `strays` are settings that lack their
  /// indentation, so that nobody is told of them as missing too.
  private func stage(
    _ description: StageDescription, _ value: YAMLNode?, strays: [YAMLEntry] = [],
    at location: SourceLocation
  ) -> StageSection? {
    var section = StageSection(
      name: description.name, settings: SettingValues(), references: [], location: location)
    guard var entries = settings(value, of: description) else { return section }
    entries += strays
    if !description.settings.contains(where: { $0.name == "id" }),
      let index = entries.firstIndex(where: { $0.key == "id" })
    {
      readID(entries.remove(at: index).value, into: &section)
    }
    let isGuarded = description.settings.contains { $0.name == "when" }
    entries.removeAll { entry in
      guard entry.key == "when", !isGuarded else { return false }
      log.error(
        at: entry.keyLocation, "'when' stands inside the settings of '\(description.name)'",
        fix: "indent it as far as '\(description.name)'")
      return true
    }
    var reader = SettingsReader(log)
    section.settings = reader.read(
      entries, as: description.settings, of: "stage '\(description.name)'", at: location)
    section.references = reader.references
    return section
  }

  /// The settings as a mapping, whatever their form; nil after a complaint.
  private func settings(_ value: YAMLNode?, of description: StageDescription) -> [YAMLEntry]? {
    guard let value, !value.isAbsent else { return [] }
    switch value.content {
    case .mapping(let entries): return entries
    case .unreadable: return nil
    default:
      if let shorthand = description.shorthand {
        return [YAMLEntry(key: shorthand, keyLocation: value.location, value: value)]
      }
      let names = description.settings.map(\.name).joined(separator: ", ")
      log.error(
        at: value.location,
        "stage '\(description.name)' takes no bare value, found \(value.noun)",
        fix: names.isEmpty ? "write '- \(description.name)'" : "name the setting, one of: \(names)")
      return nil
    }
  }

  private func readCondition(_ node: YAMLNode, into section: inout StageSection) {
    var reader = SettingsReader(log)
    let value = reader.value(node, of: .expression, name: "'when' of stage '\(section.name)'")
    section.conditionLocation = node.location
    if case .expression(let condition) = value { section.condition = condition }
  }

  private func readID(_ node: YAMLNode, into section: inout StageSection) {
    var reader = SettingsReader(log)
    let value = reader.value(node, of: .identifier, name: "'id' of stage '\(section.name)'")
    guard case .text(let id) = value else { return }
    if let first = section.idLocation {
      log.error(
        at: node.location, "stage '\(section.name)' has two ids",
        fix: "keep one of them", note: .init("the other one", at: first))
      return
    }
    section.id = id
    section.idLocation = node.location
  }
}
