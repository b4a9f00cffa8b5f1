// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// Tables that no machine has room for.
struct TableMemoryTests {
  let bench = Workbench()

  @Test(arguments: ["replay big.yaml --in wire=Pcaps/incast.pcap", "run big.yaml"])
  func theyAreRefusedWithTheirSize(line: String) {
    let tables = (0..<1000).map { _ in "track-flows: 16777216" }
    let stages = (["parse"] + tables + ["send: host"]).map { "      - \($0)\n" }
    bench.folder.write(
      """
      sluice: 1
      ports: {wire: "null:", host: "null:"}
      pipelines:
        ingress:
          input: wire
          stages:

      """ + stages.joined(), to: "big.yaml")
    let run = bench.sluice(line)
    #expect(run.wait() == .status(1), "\(run.errors)")
    // An entry takes 64 bytes, what is known beside it 40, and its share of the index 8.
    #expect(
      run.errors.contains("tables alone take \(1000 * 16_777_216 * 112) bytes"),
      "\(run.errors)")
    #expect(run.errors.contains("a lower `capacity:`"))
  }
}
