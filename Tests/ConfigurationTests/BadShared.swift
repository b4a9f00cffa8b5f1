// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of stages that pipelines share.
  static let badShared: [BadFile] = [
    shared(
      "a name that is not defined", "{x: drop}", "[{use: xx}]",
      """
      4:42 error: no shared stage 'xx' is defined
      fix: the shared stages are x; define it under 'shared:'
      """),
    shared(
      "a name that is used by nobody", "{x: drop, y: parse}", "[{use: x}]",
      """
      3:19 warning: shared stage 'y' is never used
      fix: write '- use: y' in a pipeline, or remove it
      """),
    shared(
      "settings of a place", "{x: drop}", "[{use: {x: 1}}]",
      """
      4:42 error: 'use' takes a name, found a mapping
      fix: name an entry of 'shared:'; its settings stand there
      """),
    shared(
      "a key beside a place", "{x: drop}", "[{use: x, port: a}]",
      """
      4:45 error: unknown key 'port' in an item with 'use'
      fix: the keys are when, id
      """),
    shared(
      "a condition of the stage", "{x: {drop: no, when: udp}}", "[{use: x}]",
      """
      3:30 error: 'when' and 'id' say something of one place of a shared stage
      fix: write them beside '- use: x'
      """),
    shared(
      "a shared stage of a shared stage", "{x: drop, y: {use: x}}", "[{use: y}]",
      """
      3:23 error: a shared stage cannot be another one
      fix: name the stage
      """),
    shared(
      "an unknown stage", "{x: dorp}", "[{use: x}]",
      """
      3:13 error: unknown stage 'dorp'
      fix: did you mean 'drop'? (the stages are parse, count, queue, classify, send, \
      jump, drop, mirror)
      """),
    shared(
      "an unknown port in two places", "{x: {send: q}}", "[{use: x}, {use: x}]",
      """
      3:20 error: no port 'q' is defined
      fix: the ports are a; define it under 'ports:'
      4:47 warning: no packet reaches this stage: 'send' before it lets none through
      fix: remove it, or narrow 'send' with 'when'
      """),
  ]

  private static func shared(
    _ name: String, _ shared: String, _ stages: String, _ expected: String
  ) -> BadFile {
    BadFile(
      "shared: \(name)",
      text: """
        sluice: 1
        ports: {a: "null:"}
        shared: \(shared)
        pipelines: {p: {input: a, stages: \(stages)}}
        """,
      expected)
  }
}
