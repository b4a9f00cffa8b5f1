// SPDX-License-Identifier: BSD-3-Clause
import Spelling

extension Device {
  /// Checks what follows the prefix, as far as that is possible without the machine.
  func checkForm() throws(DeviceProblem) {
    switch kind {
    case .pci where !Self.isPCIAddress(target):
      throw problem("`\(target)` is not a PCI address", fix: "for example \(kind.example)")
    case .null: try checkNumber("size", 1...65_535)
    case .ring: try checkRing()
    case .memif: try checkMemif()
    case .afPacket, .afXDP, .tap: try checkInterfaceName()
    case .pcap where has("infinite") && inputFile == nil:
      throw problem("`infinite` needs a file to receive from", fix: "add in=FILE")
    default: break
    }
    if kind == .vhost || kind == .virtioUser || kind == .memif { try checkSocketName() }
    try checkDuplicates()
  }

  /// Points to the text where it is, or to the whole device string.
  private func problem(_ message: String, at part: String? = nil, fix: String?) -> DeviceProblem {
    let whole = (offset: 0, length: max(text.utf8.count, 1))
    guard let part, let range = text.firstRange(of: part) else {
      return DeviceProblem(message: message, at: whole, fix: fix)
    }
    let offset = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
    return DeviceProblem(message: message, at: (offset, part.utf8.count), fix: fix)
  }

  static func isPCIAddress(_ text: String) -> Bool {
    let fields = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
    guard fields.count == 4, text.dropLast().hasSuffix(".") else { return false }
    let widths = [4...8, 2...2, 2...2, 1...1]
    return zip(fields, widths).allSatisfy { field, width in
      width.contains(field.count) && field.allSatisfy(\.isHexDigit)
    }
  }

  private func checkNumber(_ key: String, _ range: ClosedRange<Int>) throws(DeviceProblem) {
    guard let value = value(key) else { return }
    guard let number = Int(value), range.contains(number) else {
      throw problem(
        "`\(key)` is a number from \(range.lowerBound) to \(range.upperBound)",
        at: "\(key)=\(value)", fix: nil)
    }
  }

  private func checkRing() throws(DeviceProblem) {
    if target.isEmpty && (value("rx") == nil || value("tx") == nil) {
      throw problem("a ring needs both rx and tx", fix: "for example \(kind.example)")
    }
  }

  private func checkMemif() throws(DeviceProblem) {
    guard let role = value("role") else {
      throw problem("memif: needs a role", fix: "add role=server or role=client")
    }
    if role == "server" || role == "client" { return }
    let old = ["master": "server", "slave": "client"]
    let meant = old[role] ?? Spelling.nearest(to: role, among: ["server", "client"])
    throw problem(
      "`\(role)` is not a role", at: "role=\(role)",
      fix: meant.map { "did you mean role=\($0)?" } ?? "write role=server or role=client")
  }

  private func checkInterfaceName() throws(DeviceProblem) {
    let isName =
      target.utf8.count <= 15 && target != "." && target != ".."
      && target.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") }
    if isName { return }
    throw problem(
      "`\(target)` cannot be an interface's name", at: target,
      fix: "a name has 15 characters at most, and no space or slash")
  }

  private func checkSocketName() throws(DeviceProblem) {
    guard target.utf8.count > ListeningSocket.longestPath else { return }
    throw problem(
      "the path of a socket has \(ListeningSocket.longestPath) bytes at most", at: target,
      fix: "choose a shorter path, or one that is relative to the directory you start in")
  }

  private func checkDuplicates() throws(DeviceProblem) {
    var seen: Set<String> = []
    for argument in arguments where !seen.insert(argument.key).inserted {
      throw problem("`\(argument.key)` is given twice", at: argument.key, fix: "keep one of them")
    }
  }
}
