// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc
import Testing

@testable import Runtime

@Suite struct PipelineGraphTests {
  static let text = """
    sluice: 1
    ports: {in: "null:size=64", out: "null:", tap: "pcap:out=/tmp/a&b<c>.pcap"}
    pipelines:
      main:
        input: in
        stages:
          - parse
          - {count: few, id: send-few}
          - {mirror: tap, when: ip.ttl < 3 and not arp}
          - {jump: side, when: arp}
          - send: out
      side:
        stages:
          - {send: tap, when: arp.operation == request}
          - send: out
    """

  func graph() throws -> PipelineGraph { PipelineGraph(try plan(Self.text)) }

  @Test func textShowsEachStageAndWhereItLeads() throws {
    #expect(
      try graph().text == """
        in -> main
          | parse
          | send-few
          | mirror when ip.ttl < 3 and not arp -> tap
          | jump when arp -> side
          | send -> out

        main -> side
          | send-1 when arp.operation == Request -> tap
          | send-2 -> out
        """)
  }

  @Test func mermaidNamesEveryBoxAndArrow() throws {
    let lines = try graph().mermaid.split(separator: "\n")
    #expect(lines.first == "flowchart LR")
    #expect(lines.count { $0.contains("-->") } == 6)
    #expect(lines.count { $0.contains("[\"") } == 5)
    #expect(lines.contains { $0.contains("ip.ttl &lt; 3") })
  }

  @Test(.enabled(if: system("command -v python3 >/dev/null 2>&1") == 0, "python3 is not here"))
  func pictureIsWellFormedXML() throws {
    let folder = Folder()
    let path = folder.file("a.svg", Array(try graph().svg.utf8))
    let check = "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])"
    #expect(system("python3 -c '\(check)' \(path)") == 0)
  }

  @Test func pictureShowsEveryLineAndArrow() throws {
    let svg = try graph().svg
    #expect(svg.components("<text") == 3 * 2 + 6 + 3)
    #expect(svg.components("<path d=\"M") - 1 == 6)
    #expect(svg.contains("pcap:out=/tmp/a&amp;b&lt;c&gt;.pcap"))
  }
}

extension String {
  /// How often a part appears.
  fileprivate func components(_ part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
