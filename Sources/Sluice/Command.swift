// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// What the process tells its caller.
enum ExitStatus: Int32 {
  case success = 0
  /// The work was tried and did not go well.
  case failed = 1
  /// The command line or the pipeline file is at fault.
  case usage = 2
}

/// Why a command ends without having done its work.
struct CommandError: Error {
  var status: ExitStatus
  var message: String

  static func usage(_ message: String) -> CommandError {
    CommandError(status: .usage, message: message)
  }

  /// A mistake on the command line of `command`.
  static func usage(_ message: String, of command: any Command.Type) -> CommandError {
    .usage("sluice \(command.name): \(message)\n  usage: \(Help.usage(of: command))")
  }

  static func failed(_ message: String) -> CommandError {
    CommandError(status: .failed, message: message)
  }
}

/// One command of `sluice`. Parsing, help and completions all come from what it declares.
protocol Command {
  static var name: String { get }
  /// One sentence.
  static var summary: String { get }
  static var arguments: [Argument] { get }
  static var options: [any SettingDeclaration] { get }
  /// Letters that stand for options: `-v` for `--verbose`.
  static var shortOptions: [Character: String] { get }
  /// A line that works as it stands in a checkout.
  static var example: String { get }

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus
}

extension Command {
  static var shortOptions: [Character: String] { [:] }
}

/// A word on the command line that is no option.
struct Argument {
  let name: String
  let help: String
  var isOptional = false
  /// Whether more of its kind may follow; only the last one can.
  var isRepeated = false
}

/// Options that several commands have.
enum SharedOptions {
  static let set: Setting<[String]?> = .list(
    "set", of: .text, "Give a parameter of the file a value: name=value; may be repeated")
  static let json: Setting<Bool> = .boolean(
    "json", default: false, "Print JSON instead of text")
}
