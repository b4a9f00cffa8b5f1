// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc
import Settings
import Testing

@testable import Sluice

@Suite struct HelpTests {
  static let names = Sluice.commands.map { $0.name }

  func command(_ name: String) throws -> any Command.Type {
    try #require(Sluice.commands.first { $0.name == name })
  }

  @Test(arguments: names)
  func everyHelpHasAnExampleThatIsUnderstood(name: String) throws {
    let command = try command(name)
    #expect(Help.text(for: command).hasSuffix("example:\n  \(command.example)"))
    let words = Shell.words(ofFirstSluiceIn: command.example)
    #expect(words.first == name)
    _ = try Invocation(Array(words.dropFirst()), of: command, registry: .standard)
  }

  @Test(arguments: names)
  func filesOfExamplesAreInTheCheckout(name: String) throws {
    let words = Shell.words(ofFirstSluiceIn: try command(name).example)
    let paths = words.flatMap { $0.split(separator: "=").suffix(1) }
      .filter { $0.hasPrefix("Pipelines/") || $0.hasPrefix("Pcaps/") }
    for path in paths { #expect(access(Shell.checkout + "/" + path, R_OK) == 0, "\(path)") }
  }

  @Test(arguments: names)
  func everyArgumentAndOptionIsExplained(name: String) throws {
    let command = try command(name)
    let text = Help.text(for: command)
    #expect(text.hasPrefix(command.summary))
    for argument in command.arguments { #expect(text.contains(argument.help)) }
    for option in command.options {
      #expect(text.contains("--\(option.name)"))
      #expect(text.contains(option.help))
    }
  }

  @Test(arguments: names)
  func linesFitATerminal(name: String) throws {
    let long = Help.text(for: try command(name)).split(separator: "\n").filter { $0.count > 120 }
    #expect(long == [])
  }

  @Test func overviewNamesEveryCommand() {
    for command in Sluice.commands {
      #expect(Help.overview.contains("  \(command.name) "))
      #expect(Help.overview.contains(command.summary))
    }
  }

  @Test func namesOfCommandsAndOptionsAreTheirOwn() {
    #expect(Set(Self.names).count == Self.names.count)
    for command in Sluice.commands {
      let options = command.options.map { $0.name }
      #expect(Set(options).count == options.count)
      #expect(!options.contains("help"))
    }
  }
}
