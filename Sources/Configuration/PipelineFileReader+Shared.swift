// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// The stages that a file shares between pipelines, by name.
final class SharedStages {
  /// An entry of `shared:`; without a section when that could not be read.
  struct Entry {
    let section: StageSection?
    let location: SourceLocation
    var isUsed = false
  }

  fileprivate(set) var names: [String] = []
  fileprivate var entries: [String: Entry] = [:]
}

extension PipelineFileReader {
  /// The word for a place of a shared stage: `- use: NAME`.
  static let use = "use"

  /// `name: {STAGE: settings}`.
  func readShared(_ entry: YAMLEntry) {
    checkName(of: entry, "shared stage")
    var section = stage(entry.value)
    if let found = section, let place = found.conditionLocation ?? found.idLocation {
      log.error(
        at: place, "'when' and 'id' say something of one place of a shared stage",
        fix: "write them beside '- \(PipelineFileReader.use): \(entry.key.shortened)'")
      section = nil
    }
    if let found = section, found.shared != nil {
      log.error(at: found.location, "a shared stage cannot be another one", fix: "name the stage")
      section = nil
    }
    shared.names.append(entry.key)
    shared.entries[entry.key] = .init(section: section, location: entry.keyLocation)
  }

  /// A place of a shared stage.
  func sharedStage(
    _ entry: YAMLEntry, others: ArraySlice<YAMLEntry>, in item: [YAMLEntry]
  ) -> StageSection? {
    for other in others {
      log.unknownKey(
        other, of: "an item with '\(PipelineFileReader.use)'",
        among: PipelineFileReader.besideName)
    }
    let value = entry.value
    guard case .scalar(let scalar) = value.content, !scalar.isAbsent else {
      if case .unreadable = value.content { return nil }
      log.error(
        at: value.location, "'\(PipelineFileReader.use)' takes a name, found \(value.noun)",
        fix: "name an entry of 'shared:'; its settings stand there")
      return nil
    }
    guard let known = shared.entries[scalar.text] else {
      log.error(
        at: value.location, "no shared stage '\(scalar.text.shortened)' is defined",
        fix: DiagnosticLog.proposal(for: scalar.text, among: shared.names, kind: "shared stages")
          + "; define it under 'shared:'")
      return nil
    }
    shared.entries[scalar.text]?.isUsed = true
    guard var section = known.section else { return nil }
    section.shared = scalar.text
    section.location = entry.keyLocation
    readBeside(item, into: &section)
    return section
  }

  func warnOfUnusedStages() {
    for name in shared.names {
      guard let entry = shared.entries[name], !entry.isUsed else { continue }
      log.warning(
        at: entry.location, "shared stage '\(name)' is never used",
        fix: "write '- \(PipelineFileReader.use): \(name)' in a pipeline, or remove it")
    }
  }
}
