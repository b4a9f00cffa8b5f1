// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of parameters and includes.
  static let badParameters: [BadFile] = [
    BadFile(
      "undeclared parameter",
      text: """
        parameters: {rate: 1Gbps}
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - queue: {rate: "${rte}"}
              - drop
        """,
      """
      8:24 error: no parameter 'rte' is declared
      fix: did you mean 'rate'? (the parameters are rate); declare it under 'parameters:'
      """),
    BadFile(
      "undeclared parameter without any", stage: #"- queue: {rate: "${rate}"}"#,
      """
      7:24 error: no parameter 'rate' is declared
      fix: there are no parameters; declare it under 'parameters:'
      """),
    BadFile(
      "parameter without a value",
      text: """
        parameters: {rate: }
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - queue: {rate: "${rate}"}
              - drop
        """,
      """
      1:14 error: parameter 'rate' has neither a value nor a default
      fix: run with --set rate=…, or write a default
      """),
    BadFile(
      "parameter with a wrong value",
      text: """
        parameters: {rate: fast}
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - queue: {rate: "${rate}"}
              - drop
        """,
      """
      8:24 error: 'rate' of stage 'queue': expected a bit rate such as 100Gbps, found 'fast'
      note: 1: the value of parameter 'rate'
      """),
    BadFile(
      "unclosed parameter", stage: #"- count: "x${y""#,
      """
      7:18 error: '${' is never closed
      fix: write ${name}, or $${ for a plain ${
      """),
    BadFile(
      "parameter made of parameters",
      text: """
        parameters: {x: "${y}", y: 1}
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - count: "c${x}${y}"
              - drop
        """,
      """
      1:17 error: parameter 'x': a parameter cannot be made of parameters
      fix: write the text out
      """),
    BadFile(
      "parameters as a list",
      text: """
        parameters: [x]
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
      1:13 error: 'parameters' must be a mapping, found a list
      fix: write one 'name: default' on each line
      """),
    BadFile(
      "unused parameter",
      text: """
        parameters:
          used: 5
          unused: {default: 5, help: Nobody asks}
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - drop: because-${used}
        """,
      """
      3:3 warning: parameter 'unused' is never used
      fix: write ${unused} where its value belongs, or remove it
      """),
    BadFile(
      "part of a device from a parameter",
      text: """
        parameters: {rest: ll}
        sluice: 1
        ports: {a: "nu${rest}", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - drop
        """,
      """
      3:13 error: port 'a': a device needs a ':'
      fix: write null:
      note: 1: the value of parameter 'rest'
      """),
    BadFile(
      "parameter as a list",
      text: """
        parameters: {x: [1]}
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
      1:17 error: parameter 'x': expected text, found a list
      """),
    BadFile(
      "include that is missing",
      text: """
        include: [no-such-file.yaml]
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
      1:11 error: cannot read 'no-such-file.yaml': No such file or directory
      """),
    BadFile(
      "include as a word",
      text: """
        include: other.yaml
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
      1:10 error: 'include' must be a list of paths, found 'other.yaml'
      fix: write [other.yaml]
      """),
  ]
}
