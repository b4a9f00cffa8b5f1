// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// Captures that nobody here made, beside the package; tests that need them skip without.
enum SharedCaptures {
  static let folder = packageRoot + "/../shared/captures"

  static let packageRoot = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  static let areHere = access(folder + "/public", R_OK) == 0

  /// Whether the captures and the Wireshark tools are here.
  static let areReadable =
    areHere && !lines(of: "command -v mergecap tshark").isEmpty

  /// Files that mergecap refuses: link types of switch tags, and a damaged pcapng.
  private static let refused = ["dsa-high-vid", "edsa", "Ethernet_Pause_Frame"]

  /// All captures in one pcapng file of little-endian blocks, which the caller removes.
  static func merge() -> String? {
    let output = "/tmp/sluice-wire-\(getpid()).pcapng"
    let skipped = refused.map { "-e \($0)" }.joined(separator: " ")
    let status = system(
      """
      cd '\(folder)' && ls public/*cap public/*.gz rxe/*.pcap | grep -v \(skipped) \
      | xargs mergecap -a -F pcapng -w \(output) 2>/dev/null
      """)
    return status == 0 ? output : nil
  }

  /// What a shell command writes on standard output.
  static func lines(of command: String) -> [String] {
    guard let pipe = popen(command + " 2>/dev/null", "r") else { return [] }
    defer { pclose(pipe) }
    var lines: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, pipe) > 0, let line {
      lines.append(String(String(cString: line).dropLast()))
    }
    return lines
  }
}
