// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Runtime
import Settings

/// `sluice version`.
enum VersionCommand: Command {
  static let name = "version"
  static let summary = "Tells the versions of Sluice and of the DPDK it runs on."
  static let arguments: [Argument] = []
  static var options: [any SettingDeclaration] { [SharedOptions.json] }
  static let example = "sluice version"

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    if invocation[SharedOptions.json] {
      let versions: JSON = .object([
        ("sluice", .string(Sluice.version)), ("dpdk", .string(Machine.dpdkVersion)),
        ("libpcap", .string(Machine.libpcapVersion)),
      ])
      Terminal.print(versions.text(pretty: true))
    } else {
      Terminal.print("sluice \(Sluice.version)\n\(Machine.dpdkVersion)\n\(Machine.libpcapVersion)")
    }
    return .success
  }
}
