// SPDX-License-Identifier: BSD-3-Clause
import Foundation

/// A folder that looks like a checkout, and a shell in it that finds the `sluice` just built.
final class Shell {
  /// Where SwiftPM puts executables and tests alike.
  private static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().path

  static var canRun: Bool {
    ["\(products)/sluice", "/usr/bin/tshark"].allSatisfy(FileManager.default.isExecutableFile)
  }

  private let folder: String

  /// With the files that the page tells its readers to write.
  init(_ document: Document) throws {
    let files = FileManager.default
    folder = files.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["Pcaps", "Pipelines"] {
      try files.createSymbolicLink(
        atPath: "\(folder)/\(name)", withDestinationPath: "\(Document.root)/\(name)")
    }
    var previous = 0
    for block in document.blocks where block.language == "yaml" {
      let before = document.lines[previous..<(block.line - 1)].joined(separator: " ")
      previous = block.line
      guard let name = before.matches(of: /`([a-z0-9-]+\.yaml)`/).last?.output.1 else { continue }
      try block.text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The lines of standard output and standard error.
  func run(_ command: String) throws -> [String] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "PATH=\(Self.products):$PATH; \(command)"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines.filter { !$0.hasPrefix("Running as user \"root\"") }
  }
}
