// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of keys.
  static let badKeys: [BadFile] = [
    BadFile(
      "no version",
      text: """
        ports: {a: "null:"}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      1:1 error: the version of the file is missing
      fix: begin the file with 'sluice: 1'
      """),
    BadFile(
      "another version",
      text: """
        sluice: 2
        ports: {a: "null:"}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      1:9 error: unknown version '2' of the file
      fix: this Sluice reads 'sluice: 1'
      """),
    BadFile(
      "version as a list",
      text: """
        sluice: [1]
        ports: {a: "null:"}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      1:9 error: expected 'sluice: 1', found a list
      """),
    BadFile(
      "unknown key at the top",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - parse
              - drop
        worker: 2
        """,
      """
      9:1 error: unknown key 'worker' in the file
      fix: did you mean 'workers'? (the keys are sluice, parameters, include, ports, shared, \
      pipelines, workers, poll)
      """),
    BadFile(
      "unknown key in a port",
      text: """
        sluice: 1
        ports:
          a: {device: "null:", mtv: 9000}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      3:24 error: unknown key 'mtv' in port 'a'
      fix: did you mean 'mtu'? (the keys are device, mtu, promiscuous)
      """),
    BadFile(
      "unknown key in a pipeline",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {inputs: [a, b], input: [a, b], stages: [drop]}}
        """,
      """
      3:17 error: unknown key 'inputs' in pipeline 'p'
      fix: did you mean 'input'? (the keys are input, stages)
      """),
    BadFile(
      "unknown key in a stage", stage: "- queue: {rate: 1Gbps, capcity: 1MB}",
      """
      7:30 error: unknown key 'capcity' in stage 'queue'
      fix: did you mean 'capacity'? (the keys are rate, capacity, idle, mark)
      """),
    BadFile(
      "unknown key far from all", stage: "- queue: {rate: 1Gbps, colour: 1MB}",
      """
      7:30 error: unknown key 'colour' in stage 'queue'
      fix: the keys are rate, capacity, idle, mark
      """),
    BadFile(
      "unknown key in a record", stage: "- queue: {rate: 1Gbps, mark: {min: 1KB, max: 2KB}}",
      """
      7:47 error: unknown key 'max' in 'mark' of stage 'queue'
      fix: the keys are curve, min, probability
      """),
    BadFile(
      "unknown key beside a stage",
      stage: """
        - parse:
          wenn: udp
        """,
      """
      8:9 error: unknown key 'wenn' in the item of stage 'parse'
      fix: the keys are when, id
      """),
    BadFile(
      "unknown key in a parameter",
      text: """
        parameters: {x: {default: 1, hlp: text}}
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - count: ${x}
              - drop
        """,
      """
      1:30 error: unknown key 'hlp' in parameter 'x'
      fix: did you mean 'help'? (the keys are default, help)
      """),
    BadFile(
      "missing required key", stage: "- queue: {capacity: 1MB}",
      """
      7:9 error: missing key 'rate' in stage 'queue'
      fix: add 'rate: …', a bit rate from 1Kbps to 400Gbps
      """),
    BadFile(
      "missing required key of a bare stage", stage: "- count",
      """
      7:9 error: missing key 'name' in stage 'count'
      fix: add 'name: …', a name
      """),
    BadFile(
      "port without device",
      text: """
        sluice: 1
        ports: {a: {mtu: 9000}}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      2:9 error: port 'a' has no device
      fix: add 'device: …', such as "null:"
      """),
    BadFile(
      "device as a list",
      text: """
        sluice: 1
        ports: {a: [null]}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      2:12 error: port 'a': expected a device, found a list
      fix: write a device such as "null:" or pcap:in.pcap
      """),
    BadFile(
      "unknown driver",
      text: """
        sluice: 1
        ports: {a: "nul:size=1"}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      2:13 error: port 'a': unknown driver 'nul'
      """),
    BadFile(
      "port name with a space",
      text: """
        sluice: 1
        ports: {a b: "null:"}
        pipelines: {p: {input: ab, stages: [drop]}}
        """,
      """
      2:9 error: name of a port: ' ' cannot be part of a name
      fix: use letters, digits, '-', '_' and '.'
      3:24 error: no port 'ab' is defined
      fix: did you mean 'a b'? (the ports are a b); define it under 'ports:'
      """),
    BadFile(
      "pipelines as a list",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: [p]
        """,
      """
      3:12 error: 'pipelines' must be a mapping, found a list
      fix: write 'pipelines:' and one 'name: …' on each line below
      """),
    BadFile(
      "a pipeline that is a list",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: [drop]}
        """,
      """
      3:16 error: pipeline 'p': expected a mapping with 'input' and 'stages', found a list
      fix: write 'stages:' above the list
      """),
    BadFile(
      "stages as a mapping",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [a, b], stages: {drop: x}}}
        """,
      """
      3:40 error: 'stages' of pipeline 'p' must be a list, found a mapping
      fix: write each stage on a line of its own, behind '- '
      """),
    BadFile(
      "stages missing",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [a, b]}}
        """,
      """
      3:13 error: pipeline 'p' has no stages
      fix: add 'stages:' and a list below
      """),
    BadFile(
      "empty stages",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [a, b], stages: []}}
        """,
      """
      3:40 error: pipeline 'p' has no stages
      fix: add a stage, such as '- send: PORT'
      """),
    BadFile(
      "empty input",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [], stages: [drop]}}
        """,
      """
      3:24 error: 'input' of pipeline 'p' names no port
      fix: name a port, or remove 'input' when only a jump leads here
      """),
  ]
}
