// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of items of a pipeline.
  static let badStages: [BadFile] = [
    BadFile(
      "unknown stage",
      stage: """
        - prse
        - sned: b
        """,
      """
      7:9 error: unknown stage 'prse'
      fix: did you mean 'parse'? (the stages are parse, count, queue, classify, send, jump, drop, \
      mirror)
      8:9 error: unknown stage 'sned'
      fix: did you mean 'send'? (the stages are parse, count, queue, classify, send, jump, drop, \
      mirror)
      """),
    BadFile(
      "unknown stage unlike any", stage: "- teleport",
      """
      7:9 error: unknown stage 'teleport'
      fix: the stages are parse, count, queue, classify, send, jump, drop, mirror
      """),
    BadFile(
      "two stages in one item",
      stage: """
        - parse:
          count: x
        """,
      """
      8:9 error: two stages in one item: 'parse' and 'count'
      fix: begin 'count' with a '- ' of its own
      note: 7: the item's first stage
      """),
    BadFile(
      "settings without indentation",
      stage: """
        - queue:
          rate: 1Gbps
        """,
      """
      8:9 error: 'rate' must stand inside the settings of 'queue'
      fix: indent it further than 'queue'
      """),
    BadFile(
      "an item without a stage", stage: "- when: udp",
      """
      7:9 error: this item names no stage
      fix: write '- name:' first
      """),
    BadFile(
      "an empty item", stage: "-",
      """
      7:8 error: expected a stage, found nothing
      fix: write '- name', '- name: value' or '- name: {…}'
      """),
    BadFile(
      "a list as a stage", stage: "- [parse]",
      """
      7:9 error: expected a stage, found a list
      fix: write '- name', '- name: value' or '- name: {…}'
      """),
    BadFile(
      "bad condition of a final stage", stage: "- send: a\n  when: ip.enc == CE",
      """
      8:15 error: 'when' of stage 'send': there is no field or protocol 'ip.enc'
      fix: did you mean 'ip.ecn'?
      """),
    BadFile(
      "when inside the settings", stage: "- count: {name: x, when: udp}",
      """
      7:26 error: 'when' stands inside the settings of 'count'
      fix: indent it as far as 'count'
      """),
    BadFile(
      "bare value for a stage without settings", stage: "- parse: fast",
      """
      7:16 error: stage 'parse' takes no bare value, found 'fast'
      fix: write '- parse'
      """),
    BadFile(
      "bare value for a stage without shorthand", stage: "- queue: 100Gbps",
      """
      7:16 error: stage 'queue' takes no bare value, found '100Gbps'
      fix: name the setting, one of: rate, capacity, idle, mark
      """),
    BadFile(
      "same id twice",
      stage: """
        - parse:
          id: x
        - count: {name: y, id: x}
        """,
      """
      9:30 error: two stages have the id 'x'
      note: 8: first used here
      """),
    BadFile(
      "two ids of one stage",
      stage: """
        - count: {name: y, id: x}
          id: z
        """,
      """
      8:13 error: stage 'count' has two ids
      fix: keep one of them
      note: 7: the other one
      """),
    BadFile(
      "no verdict at the end",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - parse
              - count: x
        """,
      """
      8:9 warning: packets that leave this stage have no verdict: they are dropped as 'no-verdict'
      fix: end the pipeline with one of drop, jump, send without 'when'
      """),
    BadFile(
      "guarded end",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - drop:
                when: udp
        """,
      """
      7:9 warning: packets that leave this stage have no verdict: they are dropped as 'no-verdict'
      fix: end the pipeline with one of drop, jump, send without 'when'
      """),
    BadFile(
      "stages behind the end",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - drop
              - parse
              - send: b
        """,
      """
      8:9 warning: no packet reaches this stage: 'drop' before it lets none through
      fix: remove it, or narrow 'drop' with 'when'
      """),
  ]
}
