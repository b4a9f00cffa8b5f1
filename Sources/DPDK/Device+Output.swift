// SPDX-License-Identifier: BSD-3-Clause

extension Device {
  /// The same device, with another file to send to; only for one that sends to a file.
  public func writing(to file: String) -> Device {
    guard value("out") != nil else {
      return Device(text: text, kind: kind, target: file, arguments: arguments)
    }
    return Device(
      text: text, kind: kind, target: target,
      arguments: arguments.map { $0.key == "out" ? Argument(key: "out", value: file) : $0 })
  }
}
