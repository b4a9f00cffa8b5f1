// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Settings
import Testing

@Suite struct StageReferenceTests {
  func stage(_ name: String) throws -> StageDescription {
    try #require(FileCatalog.sample.stages.first { $0.name == name })
  }

  @Test func theTerminalTextHasAllThatIsDeclared() throws {
    #expect(
      StageReference.text(for: try stage("queue")) == """
        queue

          Holds packets until the rate lets them go.

        Settings:
          rate  (a bit rate from 1Kbps to 400Gbps; required)
              How fast packets leave
          capacity  (a size such as 400KB; default 1MB)
              How much it holds
          idle  (a duration from 1us to 1h)
              When it is forgotten
          mark  (a mapping)
              How it marks congestion
          mark.curve  (red or step; default red)
              The shape
          mark.min  (a size such as 400KB; required)
              Where marking begins
          mark.probability  (a share in percent from 0% to 100%; default 100%)
              At most

        Example:
          - queue: {rate: 100Gbps}

        """)
  }

  @Test func aFinalStageAndItsShorthandAreExplained() throws {
    #expect(
      StageReference.text(for: try stage("send")) == """
        send

          Sends packets.

          No packet that this stage sees goes on to the next one.

          'send: VALUE' sets 'port'.

        Settings:
          port  (the name of a port; required)
              Where to

        Example:
          - send: host

        """)
  }

  @Test func thePageIsMarkdown() throws {
    #expect(
      StageReference.markdown(for: try stage("classify")) == """
        # `classify`

        Gives packets a class.

        `classify: VALUE` sets `rules`.

        ## Settings

        | setting | value | when left out | meaning |
        |---|---|---|---|
        | `rules` | a list of mappings | required | The first that matches wins |
        | `rules[].match` | a condition over packet fields | required | Which packets |
        | `rules[].class` | a name | unset | Their class |
        | `rules[].output` | the name of a port | unset | Where they go |
        | `rules[].source` | an IP prefix such as 10.9.0.0/16 | unset | Where they come from |

        ## Example

        ```yaml
        - classify: [{match: udp, class: lossless}]
        ```

        """)
  }

  @Test(arguments: FileCatalog.sample.stages.map(\.name))
  func everyExampleCanBeRead(_ name: String) throws {
    let lines = try stage(name).example.split(separator: "\n").map { "      " + $0 }
    let text = """
      sluice: 1
      ports: {wire: "null:", host: "null:"}
      pipelines:
        slow: {stages: [drop]}
        p:
          input: wire
          stages:
      \(lines.joined(separator: "\n"))
            - jump: slow
      """
    let loaded = PipelineFile.load(text: text, name: "example.yaml", catalog: .sample)
    #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
  }
}
