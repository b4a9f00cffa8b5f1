// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Stages
import Testing

@testable import Sluice

@Suite("Command lines in the documentation")
struct CommandLineTests {
  struct Line: CustomStringConvertible, Sendable {
    let path: String
    let words: [String]
    var description: String { "\(path): \(words.joined(separator: " "))" }
  }

  /// What is left of a line without the shell's own words.
  private static func words(_ text: String) -> [String]? {
    var words = shellWords(text)
    words = Array(words.drop { ["$", "sudo", "time"].contains($0) || $0.contains("=") })
    guard let name = words.first, ["sluice", ".build/release/sluice"].contains(name) else {
      return nil
    }
    words.removeFirst()
    let ends = ["|", ">", "<", "&", "#", "2>", ";"]
    return Array(words.prefix { word in !ends.contains(where: word.hasPrefix) })
  }

  /// Words with spaces in them stand in quotes.
  private static func shellWords(_ text: String) -> [String] {
    var words = [""]
    var quote: Character?
    for character in text {
      switch character {
      case quote: quote = nil
      case "'", "\"":
        if quote == nil { quote = character } else { words[words.count - 1].append(character) }
      case " " where quote == nil: words.append("")
      default: words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }

  private static let lines: [Line] = Document.all.flatMap { document in
    let shell = document.blocks.filter { ["sh", "console"].contains($0.language) }
    let texts = shell.flatMap(goodLines) + document.codeSpans
    return texts.compactMap { words($0) }.map { Line(path: document.path, words: $0) }
  }

  /// Not those that are shown with the complaint about them.
  private static func goodLines(_ block: Document.Block) -> [String] {
    let next = block.lines.dropFirst() + [""]
    return zip(block.lines, next).filter { !$1.contains(": error: ") }.map { $0.0 }
  }

  @Test func thereAreSome() { #expect(Self.lines.count > 20) }

  @Test(arguments: lines)
  func everyCommandLineParses(_ line: Line) throws {
    guard let name = line.words.first, !["help", "COMMAND"].contains(name) else { return }
    let command = try #require(Sluice.commands.first { $0.name == name })
    let arguments = line.words.dropFirst()
    if arguments.contains("--help") { return }
    // `sluice ports` in a sentence stands for the command, whatever it needs.
    if arguments.isEmpty { return }
    let registry = StageRegistry(StandardStages.all)
    #expect(throws: Never.self) {
      _ = try Invocation(Array(arguments), of: command, registry: registry)
    }
  }

  @Test func everyCommandsOwnExampleParses() throws {
    for command in Sluice.commands {
      let words = command.example.split { $0 == " " }.map(String.init)
      guard words.first == "sluice" else { continue }
      let arguments = words.dropFirst(2).prefix { $0 != ">" }
      let registry = StageRegistry(StandardStages.all)
      #expect(throws: Never.self) {
        _ = try Invocation(Array(arguments), of: command, registry: registry)
      }
    }
  }
}
