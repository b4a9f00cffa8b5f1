// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// What is expected, in the eyes of tools that share nothing with Sluice.
struct OracleTests {
  let folder = TemporaryFolder()

  /// A Python that has scapy. The one that comes first in the path may not be Debian's, which has
  /// Debian's scapy.
  private static let python = ["python3", "/usr/bin/python3"].first { python in
    let probe = Run([python, "-c", "import scapy.all"], in: TemporaryFolder())
    return Ability.has(python) && probe.wait() == .status(0)
  }
  private static let hasScapy = python != nil && Ability.has("tshark")

  @Test(.enabled(if: hasScapy, "scapy or tshark is not installed"))
  func everyExpectationIsWhatScapyMakesOfTheInput() throws {
    let python = try #require(Self.python)
    let oracle = Run([python, GoldenCase.root + "/Oracle/oracle.py"], in: folder)
    #expect(oracle.wait() == .status(0), "\(oracle.output)\(oracle.errors)")
    let silent = oracle.output.split(separator: "\n").filter { $0.hasSuffix(": no rule") }
    #expect(silent == [])
  }

  @Test(.enabled(if: hasScapy, "scapy or tshark is not installed"))
  func inputsAreWhatTheirScriptMakes() throws {
    let python = try #require(Self.python)
    let inputs = GoldenCase.root + "/Inputs"
    let script = Run(
      [python, GoldenCase.root + "/Oracle/make_inputs.py", folder.path], in: folder)
    #expect(script.wait() == .status(0), "\(script.errors)")
    for name in Folder.names(in: inputs) {
      let (made, kept) = (
        Folder.bytes(of: folder.place(name)), Folder.bytes(of: "\(inputs)/\(name)")
      )
      #expect(made == kept, "\(name)")
    }
  }

  /// `make test-oracle` does the same with more packets.
  @Test(.enabled(if: hasScapy, "scapy or tshark is not installed"))
  func scapysPacketsOfEveryOpcodeAreReadAsTheyWereMade() throws {
    let python = try #require(Self.python)
    let script = GoldenCase.root + "/../Oracle/roce.py"
    let oracle = Run.shell("\(python) '\(script)' $sluice --count 2000", in: folder)
    #expect(oracle.wait() == .status(0), "\(oracle.output)\(oracle.errors)")
    #expect(oracle.output.hasSuffix("2000 packets of 86 opcodes, 36 fields each: 0 differ\n"))
  }

  /// The inputs have one wrong checksum on purpose, in a packet that says so.
  @Test(.enabled(if: Ability.has("tshark") && Ability.has("mergecap"), "tshark is not installed"))
  func tsharkFindsNoChecksumThatARewriteMadeWrong() {
    let files = GoldenCase.all.filter { golden in
      // No checksums, link types that mergecap cannot join, and packets that are wrong throughout
      // or were damaged on purpose.
      !["erf", "infiniband", "malformed", "unparsed", "impair-chance"].contains {
        golden.name.contains($0)
      }
    }.flatMap { golden in
      Folder.names(in: golden.expected).filter { $0 != "report.json" && !$0.hasPrefix("drops") }
        .map { "\(golden.expected)/\($0)" }
    }
    let checks = ["ip", "udp", "tcp"].map { "-o \($0).check_checksum:TRUE" }
    let wrong = ["ip", "udp", "tcp", "icmp", "icmpv6"].map { "\($0).checksum.status == 0" }
    let bad = wrong.joined(separator: " || ")
    let tshark = "tshark -r all.pcapng \(checks.joined(separator: " "))"
    let run = Run.shell(
      "mergecap -a -w all.pcapng \(files.joined(separator: " ")) && \(tshark) -Y '\(bad)' > all.txt"
        + " && \(tshark) -Y '(\(bad)) && !(frame contains \"wrong checksum\")'", in: folder)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.output == "")
    #expect(Folder.text(of: folder.place("all.txt")).split(separator: "\n").count > 20)
  }
}
