// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// Where things are: the checkout, the executable under test, the public captures.
public enum Place {
  /// The folder that has Package.swift.
  public static let package: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// `sluice`, as it was built beside the tests.
  public static let executable: String = {
    if let named = getenv("SLUICE_EXECUTABLE") { return String(cString: named) }
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(
      decoding: path.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/sluice"
  }()

  /// Captures of others, beside the checkout; not on every machine.
  public static let captures: String = package + "/../shared/captures"
}

/// What this machine has and this process may do.
public enum Ability {
  public static func has(_ tool: String) -> Bool {
    if tool.hasPrefix("/") { return access(tool, X_OK) == 0 }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { access("\($0)/\(tool)", X_OK) == 0 }
  }

  public static var isRoot: Bool { geteuid() == 0 }

  /// How many processors there are, whatever this thread is pinned to.
  public static var processors: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
