// SPDX-License-Identifier: BSD-3-Clause

extension Device {
  /// Whether a word is there and does not say no: `client`, or in the driver's words `client=1`.
  func says(_ word: String) -> Bool { has(word) && value(word) != "0" }

  /// The socket's path, one for all ways to write it that only the text is needed to see through.
  var path: String {
    let parts = target.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    return target.hasPrefix("/") ? "/" + parts : parts
  }

  /// The socket file that the port listens on, if it does.
  var servedSocket: String? {
    switch kind {
    case .vhost where !says("client"), .virtioUser where says("server"): path
    case .memif where value("role") == "server" && !target.hasPrefix("@"): path
    default: nil
    }
  }
}
