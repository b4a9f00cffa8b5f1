// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings

/// A stage with settings as a file has them on one line: `{rate: 1Gbps, mark: {profile: hpcc}}`.
func stage(_ name: String, text: String) throws -> StagePlan {
  guard let type = StageRegistry.standard[name] else {
    throw SettingsError(setting: name, message: "no stage '\(name)'")
  }
  return try stage(name, try settings(type.description.settings, text))
}

func settings(
  _ declarations: [any SettingDeclaration], _ text: String
) throws -> SettingValues {
  var values = SettingValues()
  for entry in parts(of: text) {
    let words = entry.split(separator: ":", maxSplits: 1).map { trimmed($0) }
    guard let setting = declarations.first(where: { $0.name == words[0] }) else {
      throw SettingsError(setting: words[0], message: "unknown setting '\(words[0])'")
    }
    values.give(try value(setting.kind, words[1]), to: words[0], at: nil)
  }
  for setting in declarations where values[setting.name] == nil {
    switch setting.presence {
    case .optional: break
    case .defaultValue(let text): values.assume(try value(setting.kind, text), for: setting.name)
    case .required:
      throw SettingsError(setting: setting.name, message: "missing setting '\(setting.name)'")
    }
  }
  return values
}

private func value(_ kind: SettingKind, _ text: String) throws -> SettingValue {
  switch kind {
  case .record(let declarations): .record(try settings(declarations, text))
  case .list(.record(let declarations)):
    .list(try parts(of: text).map { .record(try settings(declarations, $0)) })
  default: try kind.parse(text)
  }
}

/// What stands between the outermost brackets, at the commas that are in no others.
private func parts(of text: String) -> [String] {
  var parts = [""]
  var depth = 0
  for character in text.dropFirst().dropLast() {
    depth += "{[".contains(character) ? 1 : "}]".contains(character) ? -1 : 0
    if character == "," && depth == 0 {
      parts.append("")
    } else {
      parts[parts.count - 1].append(character)
    }
  }
  return parts.map { trimmed($0[...]) }.filter { !$0.isEmpty }
}

private func trimmed(_ text: Substring) -> String {
  let start = text.drop { $0 == " " }
  return String(start.reversed().drop { $0 == " " }.reversed())
}
