// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing
import Wire

@Suite struct RuleFindingsTests {
  func findings(
    _ rules: [String], patience: Int = RuleFindings.patience
  ) throws -> RuleFindings {
    RuleFindings(try rules.map { try Expression.parse($0).conjunctions() }, patience: patience)
  }

  @Test func aRuleBehindAWiderOneIsShadowed() throws {
    let found = try findings(["ip.src in 10.0.0.0/8", "ip.src in 10.1.0.0/16 and udp"]).findings
    #expect(found.map(\.rule) == [1])
    #expect(found.first?.finding == .shadowed(by: [0]))
  }

  @Test func aRuleBeforeAWiderOneIsNot() throws {
    #expect(try findings(["ip.src in 10.1.0.0/16", "ip.src in 10.0.0.0/8"]).findings.isEmpty)
  }

  @Test func twoRulesTogetherCanShadowAThird() throws {
    let found = try findings(["udp.dst == 1", "tcp.dst == 1", "udp.dst == 1 or tcp.dst == 1"])
    #expect(found.findings.map(\.finding) == [.shadowed(by: [0, 1])])
  }

  @Test func theSameRuleTwiceIsFoundAmongThousands() throws {
    var rules = (0..<5000).map { "ip.src == 10.0.\($0 >> 8).\($0 & 255)" }
    rules.append("ip.src == 10.0.3.7")
    let found = try findings(rules)
    #expect(found.isComplete)
    #expect(found.findings.first?.finding == .shadowed(by: [775]))
  }

  @Test func aContradictionMatchesNothing() throws {
    let found = try findings(["udp", "ip.ttl == 1 and ip.ttl == 2"]).findings
    #expect(found.map(\.finding) == [.contradiction])
  }

  @Test func patienceIsBounded() throws {
    let rules = (0..<500).map { "ip.ttl in {\($0 % 200)..\($0 % 200 + 20)} and udp.dst > \($0)" }
    #expect(try !findings(rules, patience: 1000).isComplete)
  }
}
