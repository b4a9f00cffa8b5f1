// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Makes sections of the trees of a pipeline file.
struct PipelineFileReader {
  let catalog: FileCatalog
  let log: DiagnosticLog
  /// The file that was asked for.
  private let main: FileSet.Member
  let stages: [String: StageDescription]
  /// The entries of `shared:`, and which of them are used.
  let shared = SharedStages()

  static let version = "1"
  static let sections = ["sluice", "parameters", "include", "ports", "shared", "pipelines"]

  init(_ catalog: FileCatalog, _ log: DiagnosticLog, main: FileSet.Member) {
    self.main = main
    self.catalog = catalog
    self.log = log
    stages = Dictionary(catalog.stages.map { ($0.name, $0) }) { first, _ in first }
  }

  func read(_ files: FileSet) -> PipelineFile {
    for (index, member) in files.members.enumerated() {
      checkVersion(of: member, isMain: index == 0)
      checkKeys(of: member, isMain: index == 0)
    }
    for entry in entries("shared", of: files) { readShared(entry) }
    let file = PipelineFile(
      location: start, engine: engine, ports: entries("ports", of: files).compactMap(port),
      pipelines: entries("pipelines", of: files).compactMap(pipeline))
    let section = files.members.lazy.compactMap { $0.entry("pipelines") }.first
    FileCheck(file, catalog, log, pipelines: section)
      .run(isWhole: files.isWhole)
    if !log.hasErrors {
      warnOfUnusedParameters(files)
      warnOfUnusedStages()
    }
    return file
  }

  private func warnOfUnusedParameters(_ files: FileSet) {
    for parameter in files.unusedParameters {
      log.warning(
        at: parameter.location, "parameter '\(parameter.name)' is never used",
        fix: "write ${\(parameter.name)} where its value belongs, or remove it")
    }
  }

  private var start: SourceLocation {
    SourceLocation(source: main.source, line: 1, column: 1, length: 1)
  }

  private func checkVersion(of member: FileSet.Member, isMain: Bool) {
    guard let entry = member.entry("sluice") else {
      if isMain {
        log.error(
          at: SourceLocation(source: member.source, line: 1, column: 1, length: 1),
          "the version of the file is missing", fix: "begin the file with 'sluice: 1'")
      }
      return
    }
    guard case .scalar(let scalar) = entry.value.content else {
      log.error(at: entry.value.location, "expected 'sluice: 1', found \(entry.value.noun)")
      return
    }
    if scalar.text != PipelineFileReader.version {
      log.error(
        at: entry.value.location, "unknown version '\(scalar.text.shortened)' of the file",
        fix: "this Sluice reads 'sluice: \(PipelineFileReader.version)'")
    }
  }

  private func checkKeys(of member: FileSet.Member, isMain: Bool) {
    let engine = catalog.engineSettings.map(\.name)
    for entry in member.entries where !PipelineFileReader.sections.contains(entry.key) {
      if !engine.contains(entry.key) {
        let names = PipelineFileReader.sections + (isMain ? engine : [])
        log.unknownKey(entry, of: "the file", among: names)
      } else if !isMain {
        log.error(
          at: entry.keyLocation, "'\(entry.key)' cannot be set in an included file",
          fix: "set it in the file that includes this one")
      }
    }
  }

  private var engine: SettingValues {
    let names = Set(catalog.engineSettings.map(\.name))
    var reader = SettingsReader(log)
    return reader.read(
      main.entries.filter { names.contains($0.key) }, as: catalog.engineSettings,
      of: nil, at: start)
  }

  /// The entries of one section over all files; a name that two files have is an error.
  private func entries(_ section: String, of files: FileSet) -> [YAMLEntry] {
    var result: [YAMLEntry] = []
    var places: [String: SourceLocation] = [:]
    for member in files.members {
      guard let value = member.entry(section)?.value else { continue }
      guard case .mapping(let entries) = value.content else {
        if value.isAbsent { continue }
        log.error(
          at: value.location, "'\(section)' must be a mapping, found \(value.noun)",
          fix: "write '\(section):' and one 'name: …' on each line below")
        continue
      }
      for entry in entries {
        if let first = places[entry.key] {
          let noun = section.hasSuffix("s") ? String(section.dropLast()) : "\(section) stage"
          log.error(
            at: entry.keyLocation, "\(noun) '\(entry.key)' is defined twice",
            note: .init("first defined here", at: first))
        } else {
          places[entry.key] = entry.keyLocation
          result.append(entry)
        }
      }
    }
    return result
  }

  func checkName(of entry: YAMLEntry, _ noun: String) {
    guard let problem = SettingKind.identifier.problem(with: entry.key) else { return }
    log.error(at: entry.keyLocation, "name of a \(noun): \(problem.message)", fix: problem.fix)
  }
}
