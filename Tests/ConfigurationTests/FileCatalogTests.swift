// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Settings
import Testing

@Suite struct FileCatalogTests {
  @Test func theCatalogOfTheseTestsIsSound() {
    #expect(FileCatalog.sample.faults == [])
  }

  @Test func faultsOfDeclarationsAreFound() {
    let settings: [any SettingDeclaration] = [
      Setting<UInt64>.duration("idle", default: "50", "When it is forgotten"),
      Setting<Int?>.integer("two words", "A number"),
      Setting<Int?>.integer("every", "A number."),
      Setting<[SettingValues]?>.list(
        "rules", of: .record([Setting<Bool>.boolean("deep", "")]), "The rules"),
      Setting<Int?>.integer("every", "A number"),
    ]
    let stage = StageDescription(
      name: "when", summary: "Waits.", settings: settings, shorthand: "port", example: "",
      isFinal: false)
    let workers = Setting<Int?>.integer("ports", "How many")
    let catalog = FileCatalog(
      stages: [stage], portSettings: [], engineSettings: [workers], deviceProblem: { _ in nil })
    #expect(
      catalog.faults == [
        "stage 'when' has two settings 'every'",
        "the default of 'idle' of stage 'when': missing unit after 50",
        "'two words' of stage 'when' cannot be a name",
        "the help of 'every' of stage 'when' must be one line without a full stop",
        "the help of 'deep' of 'rules' of stage 'when' must be one line without a full stop",
        "stage 'when' has no setting 'port', which is its shorthand",
        "no stage can be named 'when'", "the engine's setting 'ports' is a section of the file",
      ])
  }
}
