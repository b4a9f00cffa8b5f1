// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Runtime
import Settings

/// `sluice ports`: what a port can be on this machine.
enum PortsCommand: Command {
  static let name = "ports"
  static let summary = "Lists this machine's network devices, and the kinds of port there are."
  static let arguments: [Argument] = []
  static var options: [any SettingDeclaration] { [SharedOptions.json] }
  static let example = "sluice ports"

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let listing = PortListing.here
    Terminal.print(
      invocation[SharedOptions.json] ? listing.json.text(pretty: true) : listing.text)
    return .success
  }
}
