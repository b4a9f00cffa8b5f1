// SPDX-License-Identifier: BSD-3-Clause
import Glibc
public import Pipeline
import Stages

/// Sluice's command line. A package with stages of its own has an executable that calls
/// `Sluice.main(registering:)` and is Sluice with those stages.
public enum Sluice {
  public static let version = "0.1.0"

  /// The commands, in the order in which help shows them.
  static var commands: [any Command.Type] {
    [
      CheckCommand.self, RunCommand.self, ReplayCommand.self, SimulateCommand.self,
      InspectCommand.self, ReportCommand.self, TopCommand.self,
      StagesCommand.self, SchemaCommand.self, GraphCommand.self, PortsCommand.self,
      VersionCommand.self,
      CompletionsCommand.self,
    ]
  }

  /// Runs the command that the process's arguments name, and ends the process with its status.
  public static func main(registering stages: [StageType] = []) -> Never {
    // A reader that goes away is told by the write that fails, whatever is printed.
    signal(SIGPIPE, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    let registry = StageRegistry(StandardStages.all + stages)
    let status = run(arguments, registry)
    if Terminal.outputHasFailed {
      Terminal.error("sluice: standard output could not be written to the end")
      exit(ExitStatus.failed.rawValue)
    }
    exit(status.rawValue)
  }

  static func run(_ arguments: [String], _ registry: StageRegistry) -> ExitStatus {
    guard let name = arguments.first else {
      Terminal.error(Help.overview)
      return .usage
    }
    if ["help", "--help", "-h"].contains(name) { return help(for: arguments.dropFirst().first) }
    if name == "--version" { return run(["version"], registry) }
    guard let command = commands.first(where: { $0.name == name }) else {
      Terminal.error(unknown(name))
      return .usage
    }
    let rest = Array(arguments.dropFirst())
    let options = rest.prefix { $0 != "--" }
    if options.contains("--help") || options.contains("-h") {
      Terminal.print(Help.text(for: command))
      return .success
    }
    do throws(CommandError) {
      return try command.run(try Invocation(rest, of: command, registry: registry))
    } catch {
      Terminal.error(error.message)
      return error.status
    }
  }

  private static func help(for name: String?) -> ExitStatus {
    guard let name else {
      Terminal.print(Help.overview)
      return .success
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      Terminal.error(unknown(name))
      return .usage
    }
    Terminal.print(Help.text(for: command))
    return .success
  }

  private static func unknown(_ name: String) -> String {
    let meant = Suggestions.text(for: name, among: commands.map { $0.name })
    return "sluice: unknown command '\(name)'\(meant)\n  fix: 'sluice help' lists the commands"
  }
}
