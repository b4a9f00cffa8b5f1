// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Presentation

/// The Sluices that run on this machine with a telemetry socket, and that this user may ask.
enum RunningSluices {
  struct Found {
    /// What tells it apart in DPDK's folder: `sluice-4711`.
    var prefix: String
    var client: TelemetryClient
    var file: String
  }

  /// The one that is meant: the only one there is without a name.
  static func find(_ name: String?) throws(CommandError) -> TelemetryClient {
    let all = folders.flatMap(running)
    guard let name else {
      guard all.count < 2 else { throw several(all) }
      guard let only = all.first else { throw .failed("sluice top: " + nothing) }
      return only.client
    }
    if let found = all.first(where: { $0.prefix == name || "\($0.client.process)" == name }) {
      return found.client
    }
    throw .failed(
      "sluice top: no Sluice with a telemetry socket is called '\(name)'"
        + (all.isEmpty ? "" : "\n" + listing(all)))
  }

  private static let nothing = """
    no Sluice runs here with a telemetry socket
      fix: say `telemetry: {socket: true}` in the pipeline file; \
    a run of another user needs that user's rights
    """

  private static func several(_ all: [Found]) -> CommandError {
    .usage(
      "sluice top: several run; say which, by name or process\n" + listing(all))
  }

  private static func listing(_ all: [Found]) -> String {
    var table = TextTable([.left, .right, .left])
    for found in all { table.add(found.prefix, "\(found.client.process)", found.file) }
    return table.lines(indent: 2).joined(separator: "\n")
  }

  /// Where DPDK has the folders of its programs; other users' are looked at for root's sake.
  private static var folders: [String] {
    let variables = ["RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"]
    let given = variables.compactMap { getenv($0).map { String(cString: $0) } }
    var seen: Set<String> = []
    return (["/var/run", "/tmp"] + given).map { $0 + "/dpdk" }.filter { folder in
      guard let path = realpath(folder, nil) else { return false }
      defer { free(path) }
      return seen.insert(String(cString: path)).inserted
    }
  }

  private static func running(in folder: String) -> [Found] {
    names(in: folder).flatMap { prefix in
      names(in: "\(folder)/\(prefix)").filter { $0.hasPrefix("dpdk_telemetry.v2") }
        .compactMap { name -> Found? in
          guard let client = TelemetryClient("\(folder)/\(prefix)/\(name)"),
            let file = client.ask("/sluice/info")?["file"]?.text
          else { return nil }
          return Found(prefix: prefix, client: client, file: file)
        }
    }
  }

  /// Sorted; none where there is no such folder.
  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
