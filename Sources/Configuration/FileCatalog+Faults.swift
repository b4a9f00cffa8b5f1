// SPDX-License-Identifier: BSD-3-Clause
import Settings

extension FileCatalog {
  /// What is wrong with the declarations themselves, for a test to find before any user does.
  public var faults: [String] {
    var faults = FileCatalog.repeated(stages.map(\.name)).map { "two stages are named '\($0)'" }
    faults += FileCatalog.faults(of: portSettings, "a port")
    faults += FileCatalog.faults(of: engineSettings, "the engine")
    for stage in stages {
      let owner = "stage '\(stage.name)'"
      faults += FileCatalog.faults(of: stage.settings, owner)
      if let shorthand = stage.shorthand, !stage.settings.contains(where: { $0.name == shorthand })
      {
        faults.append("\(owner) has no setting '\(shorthand)', which is its shorthand")
      }
      if PipelineFileReader.besideName.contains(stage.name) {
        faults.append("no stage can be named '\(stage.name)'")
      }
    }
    let taken = Set(PipelineFileReader.sections)
    faults += engineSettings.map(\.name).filter(taken.contains).map {
      "the engine's setting '\($0)' is a section of the file"
    }
    return faults
  }

  private static func faults(of settings: [any SettingDeclaration], _ owner: String) -> [String] {
    repeated(settings.map(\.name)).map { "\(owner) has two settings '\($0)'" }
      + settings.flatMap { faults(of: $0, owner) }
  }

  private static func faults(of setting: any SettingDeclaration, _ owner: String) -> [String] {
    let name = "'\(setting.name)' of \(owner)"
    var faults = inner(setting.kind).map { FileCatalog.faults(of: $0, name) } ?? []
    if SettingKind.identifier.problem(with: setting.name) != nil {
      faults.append("\(name) cannot be a name")
    }
    if setting.help.isEmpty || setting.help.hasSuffix(".") || setting.help.contains("\n") {
      faults.append("the help of \(name) must be one line without a full stop")
    }
    if case .defaultValue(let text) = setting.presence,
      let problem = setting.kind.problem(with: text)
    {
      faults.append("the default of \(name): \(problem.message)")
    }
    return faults
  }

  private static func inner(_ kind: SettingKind) -> [any SettingDeclaration]? {
    switch kind {
    case .record(let declarations): declarations
    case .list(let element): inner(element)
    default: nil
    }
  }

  private static func repeated(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}
