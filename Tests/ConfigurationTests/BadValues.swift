// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of one value.
  static let badValues: [BadFile] = [
    BadFile(
      "missing unit", stage: "- queue: {rate: 100Gbps, idle: 50}",
      """
      7:38 error: 'idle' of stage 'queue': missing unit after 50
      fix: write 50us, 50ms or 50s
      """),
    BadFile(
      "missing percent", stage: "- queue: {rate: 1Gbps, mark: {min: 1KB, probability: 0.2}}",
      """
      7:60 error: 'probability' of 'mark' of stage 'queue': missing unit after 0.2
      fix: write 20%
      """),
    BadFile(
      "unknown unit", stage: "- queue: {rate: 100Gbit}",
      """
      7:26 error: 'rate' of stage 'queue': unknown unit 'Gbit'
      fix: the units are bps, Kbps, Mbps, Gbps or Tbps
      """),
    BadFile(
      "unit in the wrong case", stage: "- queue: {rate: 100gbps}",
      """
      7:26 error: 'rate' of stage 'queue': unknown unit 'gbps'
      fix: write 100Gbps
      """),
    BadFile(
      "space before the unit", stage: "- queue: {rate: 100 Gbps}",
      """
      7:23 error: 'rate' of stage 'queue': a unit follows its number without a space
      fix: write 100Gbps
      """),
    BadFile(
      "out of range quantity", stage: "- queue: {rate: 500Gbps}",
      """
      7:23 error: 'rate' of stage 'queue': 500Gbps is out of range: expected a bit rate from \
      1Kbps to 400Gbps
      """),
    BadFile(
      "half a byte", stage: "- queue: {rate: 1Gbps, capacity: 1.5B}",
      """
      7:40 error: 'capacity' of stage 'queue': 1.5B is not a whole number of bytes
      """),
    BadFile(
      "not a quantity", stage: "- queue: {rate: fast}",
      """
      7:23 error: 'rate' of stage 'queue': expected a bit rate such as 100Gbps, found 'fast'
      """),
    BadFile(
      "out of range integer", stage: "- mirror: {every: 1001}",
      """
      7:25 error: 'every' of stage 'mirror': 1001 is out of range: expected a whole number from 1 \
      to 1000
      """),
    BadFile(
      "not an integer", stage: "- mirror: {every: some}",
      """
      7:25 error: 'every' of stage 'mirror': expected a whole number from 1 to 1000, found 'some'
      """),
    BadFile(
      "a huge integer", stage: "- mirror: {every: 99999999999999999999}",
      """
      7:25 error: 'every' of stage 'mirror': 99999999999999999999 is out of range: expected a \
      whole number from 1 to 1000
      """),
    BadFile(
      "not a boolean",
      text: """
        sluice: 1
        ports: {a: {device: "null:", promiscuous: yes}}
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      2:43 error: 'promiscuous' of port 'a': expected true or false, found 'yes'
      fix: write true
      """),
    BadFile(
      "not one of the choices",
      text: """
        poll: adaptve
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - parse
              - drop
        """,
      """
      1:7 error: 'poll': expected busy or adaptive, found 'adaptve'
      fix: did you mean 'adaptive'?
      """),
    BadFile(
      "mapping for a scalar", stage: "- queue: {rate: {value: 1}}",
      """
      7:23 error: 'rate' of stage 'queue': expected a bit rate from 1Kbps to 400Gbps, found a \
      mapping
      """),
    BadFile(
      "list for a scalar", stage: "- queue: {rate: [1Gbps]}",
      """
      7:23 error: 'rate' of stage 'queue': expected a bit rate from 1Kbps to 400Gbps, found a list
      """),
    BadFile(
      "scalar for a list", stage: "- mirror: {ports: b}",
      """
      7:25 error: 'ports' of stage 'mirror': expected a list, each the name of a port, found 'b'
      fix: write [b]
      """),
    BadFile(
      "mapping for a list", stage: "- mirror: {ports: {b: 1}}",
      """
      7:25 error: 'ports' of stage 'mirror': expected a list, each the name of a port, found a \
      mapping
      """),
    BadFile(
      "scalar for a record", stage: "- queue: {rate: 1Gbps, mark: red}",
      """
      7:36 error: 'mark' of stage 'queue': expected a mapping, found 'red'
      """),
    BadFile(
      "nothing for a value",
      stage: """
        - queue:
            rate:
        """,
      """
      8:11 error: 'rate' of stage 'queue': expected a bit rate from 1Kbps to 400Gbps, found nothing
      """),
    BadFile(
      "not a name", stage: #"- count: "two words""#,
      """
      7:20 error: 'name' of stage 'count': ' ' cannot be part of a name
      fix: use letters, digits, '-', '_' and '.'
      """),
    BadFile(
      "not a prefix", stage: "- classify: [{match: udp, source: 10.9.0}]",
      """
      7:41 error: 'source' of an item of 'rules' of stage 'classify': expected an IP prefix such \
      as 10.9.0.0/16, found '10.9.0'
      """),
    BadFile(
      "bad condition",
      stage: """
        - parse:
          when: udp and udp.dst ==
        """,
      """
      8:33 error: 'when' of stage 'parse': expected a number, found the end
      """),
    BadFile(
      "bad condition in a quoted rule", stage: #"- classify: [{match: "udp.dst ==", class: x}]"#,
      """
      7:39 error: 'match' of an item of 'rules' of stage 'classify': expected a number, found \
      the end
      """),
    BadFile(
      "nothing for a condition",
      stage: """
        - parse:
          when:
        """,
      """
      8:9 error: 'when' of stage 'parse': expected a condition over packet fields, found nothing
      """),
  ]
}
