// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Glibc
import Pipeline
import Settings
import Wire

@testable import Stages

/// What may be expected of any bytes that are read as a file of rules: that they are refused, or
/// that each packet gets the rule that asking one after the other finds, and what it says happens.
final class RulePromises {
  private let pool: OpaquePointer
  private let packets: [PromisedPipeline.Arrival]
  /// Where the file is put for as long as it is read.
  private let folder: String

  private static let types = StageRegistry([
    StageType(Parse.self), StageType(OneByOne.self), StageType(Classify.self), Witness.type,
    StageType(Send.self),
  ])

  private static let catalog = FileCatalog(
    stages: types.descriptions, portSettings: [], engineSettings: [], deviceProblem: { _ in nil })

  init(pool: OpaquePointer, packets: [[UInt8]], folder: String) {
    self.pool = pool
    self.packets = packets.prefix(Burst.capacity).map {
      PromisedPipeline.Arrival(bytes: $0, wireLength: $0.count)
    }
    self.folder = folder
  }

  /// The promise that is broken, or nil.
  ///
  /// - Parameter bytes: `0` in front of a table, anything else in front of a list in YAML.
  func broken(by bytes: [UInt8]) -> String? {
    guard let first = bytes.first, let file = load(bytes.dropFirst(), isTable: first == 48) else {
      return nil
    }
    let stages = file.pipelines[0].stages
    guard let classify = stages.first(where: { $0.name == Classify.name }) else { return nil }
    let rules = classify.settings[Classify.rules]
    do throws(StageBuildError) {
      let pipeline = try PromisedPipeline(file.pipelines.map(plan), pool)
      OneByOne.conditions = rules.map { OneByOne.Condition($0[Rule.match]) }
      if let broken = pipeline.run(packets, link: .ethernet) { return broken }
      return broken(by: rules, pipeline)
    } catch {
      return error.error.message.isEmpty ? "rules are refused without a reason" : nil
    }
  }

  private func plan(_ section: PipelineSection) -> PipelinePlan {
    PipelinePlan(
      name: section.name,
      stages: section.stages.compactMap { stage in
        Self.types[stage.name].map {
          StagePlan(label: stage.name, type: $0, settings: stage.settings, condition: nil)
        }
      })
  }

  private func load(_ bytes: ArraySlice<UInt8>, isTable: Bool) -> PipelineFile? {
    let name = isTable ? "rules.csv" : "rules.yaml"
    let path = folder + "/" + name
    guard let output = fopen(path, "w") else { fatalError("cannot write \(path)") }
    fwrite(Array(bytes), 1, bytes.count, output)
    fclose(output)
    defer { unlink(path) }
    let text = """
      sluice: 1
      ports: {in: "null:", out: "null:", tap: "null:"}
      pipelines:
        main:
          input: in
          stages:
            - parse: {malformed: pass}
            - one-by-one
            - classify: {rules: {file: \(name)}}
            - witness: {place: 1}
            - send: out
        slow: {stages: [send: tap]}
      """
    return PipelineFile.load(text: text, name: folder + "/main.yaml", catalog: Self.catalog).file
  }

  /// What is to become of packets by the rules that asking one after the other finds.
  private func broken(by rules: [SettingValues], _ pipeline: PromisedPipeline) -> String? {
    var (drops, sent): ([String: UInt64], [String: Int]) = ([:], [:])
    var passing: [Int: Int] = [:]
    for (index, rule) in winners(among: rules).enumerated() {
      let settings = rule.map { rules[$0] }
      if let reason = settings?[Rule.drop] {
        drops[reason, default: 0] += 1
      } else if let port = settings?[Rule.send] {
        sent[port, default: 0] += 1
      } else if settings?[Rule.jump] != nil {
        sent["tap", default: 0] += 1
      } else {
        sent["out", default: 0] += 1
        passing[index] = rule ?? -1
      }
    }
    guard pipeline.drops == drops else {
      return "packets are dropped for \(pipeline.drops), not for \(drops)"
    }
    for (name, port) in zip(PromisedPipeline.ports, pipeline.sent)
    where port.packets.count != sent[name] ?? 0 {
      return "\(port.packets.count) packets leave by '\(name)', not \(sent[name] ?? 0)"
    }
    return brokenSighting(rules, passing)
  }

  /// Those that go on have the rule's number, by precedence, and its class.
  private func brokenSighting(_ rules: [SettingValues], _ expected: [Int: Int]) -> String? {
    guard Witness.sightings.count == expected.count else { return "other packets go on" }
    for sighting in Witness.sightings {
      guard let rule = expected[sighting.index] else { return "another packet goes on" }
      let number = rule < 0 ? Burst.noRule : precedence(of: rule, among: rules)
      if sighting.rule != number {
        return "packet \(sighting.index) has rule \(sighting.rule), not \(number)"
      }
      let name = rule < 0 ? nil : rules[rule][Rule.trafficClass]
      if sighting.trafficClass.name != name ?? "none" {
        return "packet \(sighting.index) has class \(sighting.trafficClass.name)"
      }
    }
    return nil
  }

  /// Of each packet the rule of the greatest priority that it meets, the first among equals.
  private func winners(among rules: [SettingValues]) -> [Int?] {
    packets.indices.map { packet in
      rules.indices.filter { OneByOne.found[$0] >> UInt64(packet) & 1 == 1 }
        .min { wins($0, over: $1, rules) }
    }
  }

  private func precedence(of rule: Int, among rules: [SettingValues]) -> UInt32 {
    UInt32(rules.indices.count { wins($0, over: rule, rules) })
  }

  private func wins(_ one: Int, over other: Int, _ rules: [SettingValues]) -> Bool {
    let (mine, theirs) = (rules[one][Rule.priority], rules[other][Rule.priority])
    return mine > theirs || mine == theirs && one < other
  }
}

/// Asks conditions one after the other, and keeps for which packets each holds.
private struct OneByOne: Stage, ~Copyable {
  static var name: String { "one-by-one" }
  static var summary: String { "Asks conditions one after the other." }
  static var settings: [any SettingDeclaration] { [] }
  static var example: String { "- one-by-one" }

  final class Condition {
    let predicate: Predicate?

    init(_ expression: Expression?) { predicate = expression.map { Predicate($0) } }
  }

  nonisolated(unsafe) static var conditions: [Condition] = []
  nonisolated(unsafe) static var found: [UInt64] = []

  init(_ settings: SettingValues, _ context: StageContext) {}

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    Self.found = Self.conditions.map { condition in
      switch condition.predicate {
      case .some(let predicate): predicate.evaluate(selection.bits, burst)
      case .none: selection.bits
      }
    }
  }
}
