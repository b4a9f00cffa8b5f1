// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of what lies between sections.
  static let badReferences: [BadFile] = [
    BadFile(
      "unknown port in a setting", stage: "- send: c",
      """
      7:15 error: no port 'c' is defined
      fix: the ports are a, b; define it under 'ports:'
      8:9 warning: no packet reaches this stage: 'send' before it lets none through
      fix: remove it, or narrow 'send' with 'when'
      """),
    BadFile(
      "unknown port in a list", stage: "- mirror: {ports: [a, bb]}",
      """
      7:29 error: no port 'bb' is defined
      fix: the ports are a, b; define it under 'ports:'
      """),
    BadFile(
      "unknown port in a list of records", stage: "- classify: [{match: udp, output: wire}]",
      """
      7:41 error: no port 'wire' is defined
      fix: the ports are a, b; define it under 'ports:'
      """),
    BadFile(
      "unknown port as input",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [a, b, c], stages: [drop]}}
        """,
      """
      3:31 error: no port 'c' is defined
      fix: the ports are a, b; define it under 'ports:'
      """),
    BadFile(
      "unknown port where there are none",
      text: """
        sluice: 1
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      2:24 error: no port 'a' is defined
      fix: there are no ports; define it under 'ports:'
      """),
    BadFile(
      "two ports with one device",
      text: """
        sluice: 1
        ports:
          a: ring:x
          b: ring:y
          c: {device: ring:x}
        pipelines: {p: {input: [a, b, c], stages: [drop]}}
        """,
      """
      5:15 error: port 'c' cannot be ring x: port 'a' is it already
      fix: give each port a device of its own
      note: 3: port 'a' is defined here
      """),
    BadFile(
      "unknown pipeline", stage: "- jump: q",
      """
      7:15 error: no pipeline 'q' is defined
      fix: the pipelines are p; define it under 'pipelines:'
      8:9 warning: no packet reaches this stage: 'jump' before it lets none through
      fix: remove it, or narrow 'jump' with 'when'
      """),
    BadFile(
      "pipeline without input or jump",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - drop
          q: {stages: [drop]}
        """,
      """
      8:3 error: pipeline 'q' has no input, and nothing jumps to it
      fix: add 'input: PORT' to it, or a stage 'jump: q' to another one
      """),
    BadFile(
      "no input anywhere",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {stages: [drop]}, q: {stages: [drop]}}
        """,
      """
      3:13 error: no pipeline has an input, so no packet would ever arrive
      fix: add 'input: PORT' to a pipeline
      """),
    BadFile(
      "empty pipelines",
      text: """
        sluice: 1
        ports: {a: "null:"}
        pipelines: {}
        """,
      """
      3:1 error: 'pipelines' is empty
      fix: add a pipeline with 'input: PORT' and 'stages:' to it
      """),
    BadFile(
      "no pipelines", text: "sluice: 1",
      """
      1:1 error: the file has no pipeline
      fix: add 'pipelines:' and a pipeline with 'input: PORT'
      """),
    BadFile(
      "jump loop",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - jump: q
          q: {stages: [jump: r]}
          r: {stages: [{jump: q, when: udp}, drop]}
        """,
      """
      9:23 error: this jump closes a loop: q -> r -> q
      fix: remove one of the jumps
      """),
    BadFile(
      "jump to itself",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - jump: p
        """,
      """
      7:15 error: this jump closes a loop: p -> p
      fix: remove one of the jumps
      """),
    BadFile(
      "same port in two pipelines",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p: {input: [a, b], stages: [drop]}
          q: {input: b, stages: [drop]}
        """,
      """
      5:14 error: port 'b' is already the input of pipeline 'p'
      note: 4: first used here
      """),
    BadFile(
      "same port twice in one pipeline",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p: {input: [a, b, a], stages: [drop]}
        """,
      """
      4:21 error: port 'a' is an input of this pipeline twice
      note: 4: first used here
      """),
    BadFile(
      "unused port",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      2:21 warning: port 'b' is never used
      fix: use it as an input or an output, or remove it
      """),
  ]
}
