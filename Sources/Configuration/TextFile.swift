// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Settings

/// Reads what should be a pipeline file, and finds what a text cannot hold.
enum TextFile {
  static let mostBytes = 16 << 20

  /// Why a file cannot be read, in the system's words.
  struct Unreadable: Error {
    let message: String
  }

  /// The bytes of a file, or of standard input for `-`.
  static func bytes(of path: String) throws(Unreadable) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemError() }
    defer { if path != "-" { close(descriptor) } }
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw systemError() }
      if count == 0 { return result }
      result += chunk[..<count]
      guard result.count <= mostBytes else {
        throw Unreadable(message: "it is larger than \(mostBytes >> 20) MiB")
      }
    }
  }

  /// The bytes as text, without a byte order mark; nil after a complaint.
  static func text(_ bytes: [UInt8], name: String, _ log: DiagnosticLog) -> SourceText? {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let content = hasMark ? bytes.dropFirst(3) : bytes[...]
    let source = SourceText(name: name, text: String(decoding: content, as: UTF8.self))
    log.add(source)
    if let fault = fault(in: Array(content)) {
      log.error(
        at: source.location(ofByte: fault.offset), fault.message,
        fix: bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
          ? "save the file as UTF-8; it looks like UTF-16" : fault.fix)
      return nil
    }
    return source
  }

  private struct Fault {
    let offset: Int
    let message: String
    let fix: String?
  }

  /// The first byte that is not part of a character, or is a control character.
  private static func fault(in bytes: [UInt8]) -> Fault? {
    var offset = 0
    while offset < bytes.count {
      var value = UInt32(bytes[offset])
      var width = 1
      if value >= 0x80 {
        var rest = bytes[offset...].prefix(4).makeIterator()
        var decoder = Unicode.UTF8.ForwardParser()
        guard case .valid(let encoded) = decoder.parseScalar(from: &rest) else {
          return Fault(offset: offset, message: "not UTF-8 text", fix: "save the file as UTF-8")
        }
        value = Unicode.UTF8.decode(encoded).value
        width = encoded.count
      }
      if isControl(value) {
        return Fault(
          offset: offset, message: "a control character (\(hexadecimal(value))) cannot stand here",
          fix: "remove it; in double quotes it can be written as an escape")
      }
      offset += width
    }
    return nil
  }

  /// As YAML 1.1, section 5.1, has it.
  private static func isControl(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0x00...0x1F, 0x7F...0x9F, 0xFEFF, 0xFFFE...0xFFFF: true
    default: false
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func systemError() -> Unreadable {
    Unreadable(message: String(cString: strerror(errno)))
  }
}
