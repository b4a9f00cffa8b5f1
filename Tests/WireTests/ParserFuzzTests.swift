// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// Mutated packets, the same ones in every run, against what may be expected of any. `make fuzz`
/// looks further.
struct ParserFuzzTests {
  @Test func mutatedPacketsKeepEveryPromise() {
    var mutator = PacketMutator(seed: 0x5151_ce00)
    for round in 0..<15_000 {
      let mutant = mutator.next()
      guard let violation = mutant.brokenPromise() else { continue }
      Issue.record("round \(round): \(violation) in \(mutant)")
      return
    }
  }

  @Test func mutatedPacketsMeetEveryMalformation() {
    var mutator = PacketMutator(seed: 0x5151_ce01)
    var missing = Set(Malformation.allCases)
    for _ in 0..<200_000 where !missing.isEmpty {
      missing.remove(mutator.next().parsed().malformation)
    }
    #expect(missing.isEmpty, "\(missing.map(\.name))")
  }
}
