// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Presentation
import Runtime
import Settings

/// `sluice schema`: for editors that complete and check YAML.
enum SchemaCommand: Command {
  static let name = "schema"
  static let summary = "Prints the JSON Schema of pipeline files, for editors."
  static let arguments: [Argument] = []
  static let options: [any SettingDeclaration] = []
  static let example = "sluice schema > sluice.schema.json"

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let schema = JSONSchema.schema(for: FileCatalog(invocation.registry))
    Terminal.print(schema.text(pretty: true))
    return .success
  }
}
