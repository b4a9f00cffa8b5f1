// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing

@testable import Sluice

/// Pipeline files, held against the schema by a validator of others.
@Suite(
  .enabled(if: Shell.hasSluice, "the executable is not beside the tests"),
  .enabled(if: hasValidator, "python3-jsonschema or python3-yaml is not installed"))
struct SchemaTests {
  /// Prints a line for each file that the schema refuses.
  static let validator = """
    import json, subprocess, sys, yaml, jsonschema
    schema = json.load(open(sys.argv[1]))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in sys.argv[2:]:
        data = json.loads(json.dumps(yaml.safe_load(open(path))))
        for error in validator.iter_errors(data):
            print(path, error.json_path, error.message[:200])
    """

  /// What the schema has against files of these names.
  func complaints(_ files: String) -> Shell.Result {
    Shell.run(
      """
      sluice schema > "$TMPDIR/schema.json"
      cat > "$TMPDIR/validate.py" <<'EOF'
      \(Self.validator)
      EOF
      /usr/bin/python3 "$TMPDIR/validate.py" "$TMPDIR/schema.json" \(files)
      """)
  }

  @Test(arguments: [
    "Pipelines/*.yaml", "Tests/GoldenTests/Cases/*/pipeline.yaml", "Examples/*/*.yaml",
  ])
  func goodFilesAreGood(files: String) {
    // The examples of other packages have stages of their own.
    let names = files.hasPrefix("Examples") ? "$(grep -L decrement-ttl \(files))" : files
    let result = complaints(names)
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(result.errors == "")
  }

  /// What the checker refuses by the text alone, the schema refuses too.
  @Test(arguments: [
    "ports: {a: 5}", "ports: {a: {mtu: 1500}}", "ports: {a: {device: \"null:\", mtu: 12}}",
    "ports: {a: {device: \"null:\", mtv: 1500}}", "prots: {}", "workers: 0", "workers: many",
    "poll: sometimes", "pipelines: {p: {input: a}}", "pipelines: {p: {stages: []}}",
    "pipelines: {p: {inptu: a, stages: [drop]}}", "pipelines: {p: {stages: [nonsense]}}",
    "pipelines: {p: {stages: [send]}}", "pipelines: {p: {stages: [{send: a, drop: b}]}}",
    "pipelines: {p: {stages: [{when: udp}]}}", "pipelines: {p: {stages: [{sample: x}]}}",
    "pipelines: {p: {stages: [{mirror: {port: a, cut: 128}}]}}",
    "pipelines: {p: {stages: [{mirror: {cut: 128B}}]}}",
    "pipelines: {p: {stages: [{parse: {malformed: maybe}}]}}",
    "pipelines: {p: {stages: [{capture: {file: x.pcap, cut: 1furlong}}]}}",
    "parameters: {a: [1]}", "include: x.yaml",
  ])
  func badFilesAreBad(text: String) {
    let folder = Folder()
    let path = folder.file("bad.yaml", Array("sluice: 1\n\(text)\n".utf8))
    let result = complaints(path)
    #expect(result.errors == "")
    #expect(result.output.contains("bad.yaml"), "the schema takes \(text)")
    #expect(Shell.run("sluice check \(path)").status == 2, "the checker takes \(text)")
  }
}

private let hasValidator =
  Shell.run("/usr/bin/python3 -c 'import jsonschema, yaml'").status == 0
