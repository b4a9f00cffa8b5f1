// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings

/// A command line that was understood: the words and options of one call.
struct Invocation {
  let words: [String]
  let options: SettingValues
  let registry: StageRegistry
  private let command: any Command.Type

  subscript<Value>(option: Setting<Value>) -> Value { options[option] }

  init(
    _ arguments: [String], of command: any Command.Type, registry: StageRegistry
  ) throws(CommandError) {
    self.registry = registry
    self.command = command
    var parser = ArgumentParser(command)
    for argument in arguments { try parser.take(argument) }
    (words, options) = try parser.finish()
  }

  /// The word in that place; `finish` made sure that the required ones are there.
  func word(_ index: Int) -> String? { index < words.count ? words[index] : nil }

  /// A complaint about the command line, with the command's usage.
  func mistake(_ message: String) -> CommandError { .usage(message, of: command) }

  /// Splits `name=value` texts of a repeated option.
  func pairs(
    _ option: Setting<[String]?>, allowsEmpty: Bool = false
  ) throws(CommandError) -> [(name: String, value: String)] {
    var pairs: [(String, String)] = []
    for text in self[option] ?? [] {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw mistake("--\(option.name) \(text): expected name=value")
      }
      let value = String(text[text.index(after: equals)...])
      if value.isEmpty, !allowsEmpty {
        throw mistake("--\(option.name) \(text): nothing follows the '='")
      }
      pairs.append((String(text[..<equals]), value))
    }
    return pairs
  }
}

/// Reads a command line by a command's declarations.
private struct ArgumentParser {
  private let command: any Command.Type
  private var words: [String] = []
  private var given: [String: [SettingValue]] = [:]
  /// The option that the next argument is the value of.
  private var open: (any SettingDeclaration)?
  private var optionsEnded = false

  init(_ command: any Command.Type) { self.command = command }

  mutating func take(_ argument: String) throws(CommandError) {
    if let option = open {
      open = nil
      try give(argument, to: option)
    } else if argument == "--" && !optionsEnded {
      optionsEnded = true
    } else if argument.hasPrefix("-") && argument != "-" && !optionsEnded {
      try takeOption(argument)
    } else {
      words.append(argument)
    }
  }

  private mutating func takeOption(_ argument: String) throws(CommandError) {
    let text = argument.drop { $0 == "-" }
    let written = text.prefix { $0 != "=" }
    let short = written.count == 1 ? written.first.flatMap { command.shortOptions[$0] } : nil
    let name = short ?? String(written)
    guard let option = command.options.first(where: { $0.name == name }) else {
      let meant = Suggestions.text(for: name, among: command.options.map { $0.name }) { "--\($0)" }
      throw usage("unknown option '\(argument)'\(meant)")
    }
    if text.count > written.count {
      try give(String(text.dropFirst(written.count + 1)), to: option)
    } else if case .boolean = option.kind {
      given[name] = [.boolean(true)]
    } else {
      open = option
    }
  }

  private mutating func give(
    _ text: String, to option: any SettingDeclaration
  ) throws(CommandError) {
    do throws(SettingProblem) {
      if case .list(let element) = option.kind {
        for piece in pieces(of: text, element) {
          given[option.name, default: []].append(try element.parse(piece))
        }
      } else {
        if given[option.name] != nil { throw SettingProblem("given twice", in: text) }
        given[option.name] = [try option.kind.parse(text)]
      }
    } catch {
      if case .expression = option.kind { throw .usage(excerpt(error, of: text, option)) }
      throw usage(
        "--\(option.name) \(text): \(error.message)" + (error.fix.map { "\n  fix: \($0)" } ?? ""))
    }
  }

  /// Several elements of a list may stand together, with commas; a text may have commas itself.
  private func pieces(of text: String, _ element: SettingKind) -> [String] {
    if case .text = element { return [text] }
    return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// A condition is long: the complaint points into it.
  private func excerpt(
    _ problem: SettingProblem, of text: String, _ option: any SettingDeclaration
  ) -> String {
    let source = SourceText(name: "--\(option.name)", text: text)
    let place = SourceLocation(
      source: source, line: 1, column: problem.offset + 1, length: problem.length)
    let diagnostic = Diagnostic(.error, at: place, problem.message, fix: problem.fix)
    return diagnostic.text(colored: Terminal.colorsErrors)
      + "\n  usage: \(Help.usage(of: command))"
  }

  /// Checks that nothing is missing or left over.
  func finish() throws(CommandError) -> ([String], SettingValues) {
    if let open { throw usage("--\(open.name) needs a value: \(open.kind)") }
    let required = command.arguments.filter { !$0.isOptional }
    if words.count < required.count { throw usage("missing \(required[words.count].name)") }
    let isOpen = command.arguments.last?.isRepeated ?? false
    if words.count > command.arguments.count, !isOpen {
      throw usage("unexpected argument '\(words[command.arguments.count])'")
    }
    do throws(SettingsError) {
      var values = try SettingValues(command.options)
      for option in command.options {
        guard let given = given[option.name] else { continue }
        if case .list = option.kind {
          values.give(.list(given), to: option.name, at: nil)
        } else {
          values.give(given[0], to: option.name, at: nil)
        }
      }
      return (words, values)
    } catch {
      throw usage(error.message)
    }
  }

  private func usage(_ message: String) -> CommandError {
    .usage(message, of: command)
  }
}
