// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Finds what is wrong between the sections of a file, each of which may be right by itself.
struct FileCheck {
  let file: PipelineFile
  let catalog: FileCatalog
  let log: DiagnosticLog
  private let ports: [String]
  private let pipelines: [String]
  /// The first section of that name, be it empty; nil where no file has one.
  private let section: YAMLEntry?

  init(
    _ file: PipelineFile, _ catalog: FileCatalog, _ log: DiagnosticLog, pipelines entry: YAMLEntry?
  ) {
    section = entry
    self.file = file
    self.catalog = catalog
    self.log = log
    ports = file.ports.map(\.name)
    pipelines = file.pipelines.map(\.name)
  }

  /// `isWhole` tells whether all files could be read, so that what is not there is missing.
  func run(isWhole: Bool) {
    checkNumbers()
    checkIDs()
    checkDevices()
    checkInputs()
    JumpCheck(file.pipelines, log).run()
    guard isWhole else { return }
    checkReferences()
    checkEntrances()
    guard file.pipelines.allSatisfy(\.isComplete) else { return }
    EndCheck(catalog, log).run(file.pipelines)
    if !log.hasErrors { warnOfUnusedPorts() }
  }

  private func checkNumbers() {
    let limits = catalog.limits
    let counted = [
      ("ports", limits.ports, file.ports.map(\.location)),
      ("pipelines", limits.pipelines, file.pipelines.map(\.location)),
      ("stages", limits.stages, file.pipelines.flatMap(\.stages).map(\.location)),
    ]
    for (noun, most, places) in counted where places.count > most {
      log.error(
        at: places[most], "the file has \(places.count) \(noun), and at most \(most) are possible",
        fix: "split it into files that run side by side")
    }
  }

  private func checkIDs() {
    var places: [String: SourceLocation] = [:]
    for stage in file.pipelines.lazy.flatMap(\.stages) {
      guard let id = stage.id, let location = stage.idLocation else { continue }
      if let first = places[id] {
        log.error(
          at: location, "two stages have the id '\(id)'",
          note: .init("first used here", at: first))
      } else {
        places[id] = location
      }
    }
  }

  /// A card, an interface or an end of a socket belongs to one port.
  private func checkDevices() {
    var owners: [String: PortSection] = [:]
    for port in file.ports {
      guard let belonging = catalog.deviceBelonging(port.device) else { continue }
      if let owner = owners[belonging] {
        log.error(
          at: port.deviceLocation,
          "port '\(port.name)' cannot be \(belonging): port '\(owner.name)' is it already",
          fix: "give each port a device of its own",
          note: .init("port '\(owner.name)' is defined here", at: owner.deviceLocation))
      } else {
        owners[belonging] = port
      }
    }
  }

  /// A port's packets go one way.
  private func checkInputs() {
    var owners: [String: (pipeline: String, location: SourceLocation)] = [:]
    for pipeline in file.pipelines {
      for input in pipeline.inputs {
        if let first = owners[input.port] {
          let message =
            first.pipeline == pipeline.name
            ? "port '\(input.port)' is an input of this pipeline twice"
            : "port '\(input.port)' is already the input of pipeline '\(first.pipeline)'"
          log.error(at: input.location, message, note: .init("first used here", at: first.location))
        } else {
          owners[input.port] = (pipeline.name, input.location)
        }
      }
    }
  }

  private func checkReferences() {
    let known: [Reference.Kind: (set: Set<String>, list: [String])] = [
      .port: (Set(ports), ports), .pipeline: (Set(pipelines), pipelines),
    ]
    for pipeline in file.pipelines {
      let inputs = pipeline.inputs.map {
        Reference(kind: .port, name: $0.port, location: $0.location)
      }
      for reference in inputs + pipeline.stages.flatMap(\.references) {
        guard let names = known[reference.kind], !names.set.contains(reference.name)
        else { continue }
        let noun = reference.kind.rawValue
        log.error(
          at: reference.location, "no \(noun) '\(reference.name.shortened)' is defined",
          fix: DiagnosticLog.proposal(for: reference.name, among: names.list, kind: "\(noun)s")
            + "; define it under '\(noun)s:'")
      }
    }
  }

  /// Every pipeline needs a way in: a port, or a jump.
  private func checkEntrances() {
    guard let first = file.pipelines.first else {
      if !log.hasErrors { complainOfNoPipeline() }
      return
    }
    guard file.pipelines.allSatisfy(\.isComplete) else { return }
    if file.pipelines.allSatisfy({ $0.inputs.isEmpty }) {
      log.error(
        at: first.location, "no pipeline has an input, so no packet would ever arrive",
        fix: "add 'input: PORT' to a pipeline")
      return
    }
    let references = file.pipelines.flatMap(\.stages).flatMap(\.references)
    let reached = Set(references.filter { $0.kind == .pipeline }.map(\.name))
    for pipeline in file.pipelines
    where pipeline.inputs.isEmpty && !reached.contains(pipeline.name) {
      log.error(
        at: pipeline.location,
        "pipeline '\(pipeline.name)' has no input, and nothing jumps to it",
        fix: "add 'input: PORT' to it, or a stage 'jump: \(pipeline.name)' to another one")
    }
  }

  private func complainOfNoPipeline() {
    if let section {
      log.error(
        at: section.keyLocation, "'pipelines' is empty",
        fix: "add a pipeline with 'input: PORT' and 'stages:' to it")
    } else {
      log.error(
        at: file.location, "the file has no pipeline",
        fix: "add 'pipelines:' and a pipeline with 'input: PORT'")
    }
  }

  private func warnOfUnusedPorts() {
    var used = Set(file.pipelines.flatMap(\.inputs).map(\.port))
    for reference in file.pipelines.flatMap(\.stages).flatMap(\.references)
    where reference.kind == .port { used.insert(reference.name) }
    for port in file.ports where !used.contains(port.name) {
      log.warning(
        at: port.location, "port '\(port.name)' is never used",
        fix: "use it as an input or an output, or remove it")
    }
  }
}
