// SPDX-License-Identifier: BSD-3-Clause
import Testing

/// What must not be written anywhere, and what must.
@Suite struct WordingTests {
  @Test func sourceFilesBeginWithTheirLicence() {
    let licence = "SPDX-License-Identifier: BSD-3-Clause"
    // The manifest's first line is SwiftPM's, a script's is the kernel's.
    let files = Repository.swift + Repository.native + Repository.files(in: "Tools/", "")
    let unlicensed = files.filter { !$0.lines.prefix(2).contains { $0.hasSuffix(licence) } }
    #expect(unlicensed.map(\.path) == [])
  }

  @Test func nothingIsLeftForLater() {
    // Brackets, so that this file does not find itself.
    let words = #/TO[D]O|FIX[M]E|MAR[K]:/#
    #expect(Repository.files.flatMap { $0.places(of: words) } == [])
  }

  @Test func nothingDependsOnOneMachine() {
    let folders = #/\/wor[k]\/|\/roo[t]\/|\/hom[e]\//#
    #expect(Repository.files.flatMap { $0.places(of: folders) } == [])
  }

  @Test func nothingThatAUserCanReachTraps() {
    let found = Repository.sources.flatMap { $0.places(of: Self.traps, in: Code($0).text) }
    #expect(found == [])
  }

  static var traps: Regex<Substring> { #/\bfatalError\(|[\w)\]]!(?!=)/# }

  @Test func namesSayWhatAThingIs() {
    let vague = #/(?:^|/|[a-z])(?:Utils?|Utilit(?:y|ies)|Helpers?|Common|Managers?)(?:[/.A-Z]|$)/#
    let found = Repository.files.map(\.path).filter { $0.contains(vague) }
    #expect(found == [])
  }

  @Test func extensionsAreFiledUnderTheirAspect() {
    let found = Repository.swift.map(\.path).filter { $0.hasSuffix("Extensions.swift") }
    #expect(found == [])
  }
}
