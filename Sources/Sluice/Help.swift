// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Settings
import Spelling

/// Help texts, from what the commands declare.
enum Help {
  static var overview: String {
    var table = TextTable([.left, .left])
    for command in Sluice.commands { table.add(command.name, command.summary) }
    return """
      Sluice: a RoCE-aware software SmartNIC

      usage: sluice COMMAND ...

      \(table.lines(indent: 2).joined(separator: "\n"))

      'sluice COMMAND --help' explains one, with an example.
      """
  }

  static func usage(of command: any Command.Type) -> String {
    let arguments = command.arguments.map { argument in
      let name = argument.name + (argument.isRepeated ? "..." : "")
      return argument.isOptional ? "[\(name)]" : name
    }
    let options = command.options.isEmpty ? [] : ["[options]"]
    return (["sluice", command.name] + arguments + options).joined(separator: " ")
  }

  static func text(for command: any Command.Type) -> String {
    var lines = [command.summary, "", "usage: \(usage(of: command))"]
    if !command.arguments.isEmpty {
      var table = TextTable([.left, .left])
      for argument in command.arguments { table.add(argument.name, argument.help) }
      lines += ["", "arguments:"] + table.lines(indent: 2)
    }
    if !command.options.isEmpty {
      var table = TextTable([.left, .left])
      for option in command.options { table.add(form(of: option, command), help(for: option)) }
      lines += ["", "options:"] + table.lines(indent: 2)
    }
    lines += ["", "example:", "  \(command.example)"]
    return lines.joined(separator: "\n")
  }

  private static func form(
    of option: any SettingDeclaration, _ command: any Command.Type
  ) -> String {
    let short = command.shortOptions.first { $0.value == option.name }
    return (short.map { "-\($0.key), " } ?? "") + form(of: option)
  }

  private static func form(of option: any SettingDeclaration) -> String {
    switch option.kind {
    case .boolean: "--\(option.name)"
    case .choice(let names): "--\(option.name) \(names.joined(separator: "|"))"
    case .quantity(let quantity, _): "--\(option.name) \(quantity.sample)"
    case .integer: "--\(option.name) N"
    case .path: "--\(option.name) FILE"
    case .list(.integer): "--\(option.name) N,N"
    case .expression: "--\(option.name) CONDITION"
    case .list(.text): "--\(option.name) \(option.name == "set" ? "NAME=VALUE" : "PORT=FILE")"
    default: "--\(option.name) VALUE"
    }
  }

  private static func help(for option: any SettingDeclaration) -> String {
    guard case .defaultValue(let text) = option.presence, !["false", "[]"].contains(text) else {
      return option.help
    }
    // A list is written in brackets in a file, and without on the command line.
    let words = text.drop { $0 == "[" }.prefix { $0 != "]" }
    return "\(option.help) (\(words) by default)"
  }
}

/// Did-you-mean, as the tail of a message.
enum Suggestions {
  static func text(
    for word: String, among known: [String], as form: (String) -> String = { $0 }
  ) -> String {
    Spelling.nearest(to: word, among: known).map { "; did you mean '\(form($0))'?" } ?? ""
  }
}
