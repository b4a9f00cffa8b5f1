// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

/// What fuzzers have found, and what they would have if it had not been thought of, once more.
struct FindingTests {
  @Test(arguments: PacketFinding.all)
  func packetsAreSeenForWhatTheyAre(_ finding: PacketFinding) {
    finding.input.withUnsafeBytes { input in
      let packet = FuzzedPacket(input: input)
      #expect(PacketPromises.broken(by: packet) == nil)
      let bytes = Array(packet.bytes) + Array(repeating: 0, count: packet.padding)
      let captured = CapturedPacket(
        bytes: bytes, wireLength: packet.wireLength, link: packet.link)
      let headers = captured.parsed()
      #expect(headers.layers == finding.layers)
      #expect(headers.malformation.name == finding.malformation)
      #expect(headers[.payload] == finding.payload)
    }
  }

  /// Texts with what they are printed as, or else with what is said of them.
  @Test(arguments: ExpressionFinding.all)
  func conditionsAreReadOrRefused(_ finding: ExpressionFinding) {
    #expect(ExpressionPromises().broken(by: finding.text) == nil)
    do throws(ExpressionError) {
      let expression = try Expression.parse(finding.text)
      #expect(expression.description == finding.outcome)
    } catch {
      #expect(error.description == finding.outcome)
    }
  }
}
