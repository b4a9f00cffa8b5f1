// SPDX-License-Identifier: BSD-3-Clause

extension BadFile {
  /// Faults of the text as such.
  static let badYAML: [BadFile] = [
    BadFile(
      "empty file", text: "",
      """
      1:1 error: the file is empty
      fix: begin the file with 'sluice: 1'
      """),
    BadFile(
      "only a comment", text: "# nothing",
      """
      1:1 error: the file is empty
      fix: begin the file with 'sluice: 1'
      """),
    BadFile(
      "only the beginning of a document, without a line break", text: "---",
      """
      1:1 error: expected a mapping with 'sluice: 1', found nothing
      fix: begin the file with 'sluice: 1'
      """),
    BadFile(
      "a list at the top", text: "- parse",
      """
      1:1 error: expected a mapping with 'sluice: 1', found a list
      fix: begin the file with 'sluice: 1'
      """),
    BadFile(
      "alias",
      text: """
        poll: *x
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
      1:7 error: an alias ('*name') is not allowed in a pipeline file
      fix: quote the text if it is one; to repeat a value use a parameter: ${name}
      """),
    BadFile(
      "anchor",
      text: """
        poll: &x busy
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
      1:7 error: an anchor ('&name') is not allowed in a pipeline file
      fix: quote the text if it is one; to repeat a value use a parameter: ${name}
      """),
    BadFile(
      "tag",
      text: """
        poll: !!str busy
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
      1:7 error: a tag ('!name') is not allowed in a pipeline file
      fix: quote the text if it is one
      """),
    BadFile(
      "second document",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
              - parse
              - drop
        ---
        sluice: 1
        """,
      """
      9:1 error: a second document begins here
      fix: remove the '---' line: a file holds one document
      """),
    BadFile(
      "tab as indentation",
      text: """
        sluice: 1
        ports:
        \ta: "null:"
        """,
      """
      3:1 error: a tab cannot indent
      fix: indent with spaces
      """),
    BadFile(
      "unclosed quotes",
      text: """
        sluice: 1
        ports: {a: "null:}
        """,
      """
      2:12 error: these quotes are never closed
      fix: close them, or write the quote twice if it is meant
      """),
    BadFile(
      "unclosed list",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [a, b}}
        """,
      """
      3:29 error: expected ',' or the end of what '[' opened
      note: 3: it was opened here
      """),
    BadFile(
      "unclosed mapping",
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines: {p: {input: [a, b], stages: [drop]
        """,
      """
      3:16 error: this '{' is never closed
      """),
    BadFile(
      "wrong indentation",
      text: """
        sluice: 1
        ports:
            a: "null:"
          b: "null:"
        """,
      """
      4:3 error: expected a key in line with the ones above
      fix: check the indentation, and the quotes of the line above
      note: 1: the mapping begins here
      """),
    BadFile(
      "a key without its colon",
      text: """
        sluice: 1
        ports
        workers: 2
        """,
      """
      2:1 error: expected 'key: value', but there is no ': ' here
      fix: write ':' behind the key, or indent the line as a part of the one above
      """),
    BadFile(
      "a stage without its colon",
      stage: """
        - parse
          when: udp
        """,
      """
      8:13 error: a ':' that ends a word makes it a key, which cannot stand here
      fix: check the indentation, and whether the line above lacks its ':'
      """),
    BadFile(
      "an escaped NUL",
      text: #"""
        sluice: 1
        ports: {a: "pcap:/etc\0/x"}
        """#,
      #"""
      2:12 error: a text cannot hold the character NUL
      fix: remove '\0'
      """#),
    BadFile(
      "value that begins with @",
      text: """
        sluice: 1
        ports: {a: @x}
        """,
      """
      2:12 error: a value cannot begin with '@'
      fix: put the value in quotes
      """),
    BadFile(
      "unknown escape",
      text: """
        sluice: 1
        ports: {a: "null:\\q"}
        """,
      """
      2:18 error: unknown escape after '\\' in double quotes
      fix: use single quotes, in which '\\' means itself
      """),
    BadFile(
      "key that is a list",
      text: """
        sluice: 1
        [a, b]: 1
        """,
      """
      2:1 error: expected a key, found a list
      """),
    BadFile(
      "list after a key",
      text: """
        sluice: 1
        ports: - a
        """,
      """
      2:8 error: a list cannot begin here
      fix: begin the list on a line of its own
      """),
    BadFile(
      "parameter without quotes in brackets",
      text: """
        sluice: 1
        parameters: {rate: 1Gbps}
        ports: {a: ${rate}}
        """,
      """
      3:13 error: inside '{' a value with '{' must be quoted
      fix: write "${name}" in quotes
      """),
    BadFile(
      "condition without quotes in brackets", stage: "- {parse: , when: ip.dscp in {24, 26}}",
      """
      7:36 error: inside '{' a value with '{' must be quoted
      fix: put the whole value in quotes
      """),
    BadFile(
      "text behind quotes",
      stage: """
        - parse:
          when: "udp" || tcp
        """,
      """
      8:22 error: text behind a '|' or '>' that begins a block of text
      fix: put the whole value in quotes
      """),
    BadFile(
      "colon in braces",
      text: """
        sluice: 1
        ports: {a: null:}
        """,
      """
      2:16 error: a ':' that ends a word makes it a key, which cannot stand here
      fix: if this is a value, put it in quotes
      """),
    BadFile(
      "value that holds a colon",
      text: """
        sluice: 1
        ports:
          a: null: # nothing
        """,
      """
      3:10 error: a ':' that ends a word makes it a key, which cannot stand here
      fix: if this is a value, put it in quotes
      """),
    BadFile(
      "text after the end",
      text: """
        sluice: 1
        ...
        ports:
        """,
      """
      3:1 error: the document has ended above
      fix: remove the '...' line
      """),
    BadFile(
      "unquoted device that ends in a colon",
      text: """
        sluice: 1
        ports:
          a: null:
        """,
      """
      3:10 error: a ':' that ends a word makes it a key, which cannot stand here
      fix: if this is a value, quote it: "null:"
      """),
    BadFile(
      "same port name twice",
      text: """
        sluice: 1
        ports:
          a: "null:"
          a: "ring:"
        pipelines: {p: {input: a, stages: [drop]}}
        """,
      """
      4:3 error: 'a' is given twice
      note: 3: first given here
      """),
  ]
}
