// SPDX-License-Identifier: BSD-3-Clause
public import Settings

/// What users read of a stage, made from its declaration alone.
public enum StageReference {
  /// For a terminal of 80 columns.
  public static func text(for stage: StageDescription) -> String {
    var lines = [stage.name, ""] + indented(wrapped(stage.summary, 76))
    if stage.isFinal { lines += ["", "  No packet that this stage sees goes on to the next one."] }
    if let shorthand = stage.shorthand {
      lines += ["", "  '\(stage.name): VALUE' sets '\(shorthand)'."]
    }
    if !stage.settings.isEmpty { lines += ["", "Settings:", text(for: stage.settings)] }
    lines += ["", "Example:"] + indented(exampleLines(of: stage.example))
    return lines.joined(separator: "\n") + "\n"
  }

  /// For a page of the documentation.
  public static func markdown(for stage: StageDescription) -> String {
    var parts = ["# `\(stage.name)`", stage.summary]
    if stage.isFinal { parts.append("No packet that this stage sees goes on to the next one.") }
    if let shorthand = stage.shorthand {
      parts.append("`\(stage.name): VALUE` sets `\(shorthand)`.")
    }
    if !stage.settings.isEmpty { parts += ["## Settings", markdown(for: stage.settings)] }
    parts += [
      "## Example",
      (["```yaml"] + exampleLines(of: stage.example) + ["```"]).joined(separator: "\n"),
    ]
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Settings of any owner, such as ports, for a terminal.
  public static func text(for settings: [any SettingDeclaration]) -> String {
    flattened(settings).flatMap { setting in
      ["  \(setting.path)  (\(facts(of: setting.declaration)))"]
        + wrapped(setting.declaration.help, 74).map { "      " + $0 }
    }.joined(separator: "\n")
  }

  /// Settings of any owner, such as ports, as a table.
  public static func markdown(for settings: [any SettingDeclaration]) -> String {
    let rows = flattened(settings).map { setting in
      let cells = [
        "`\(setting.path)`", value(of: setting.declaration.kind),
        presence(of: setting.declaration), setting.declaration.help,
      ]
      return "| " + cells.map(cell).joined(separator: " | ") + " |"
    }
    return (["| setting | value | when left out | meaning |", "|---|---|---|---|"] + rows)
      .joined(separator: "\n")
  }

  private struct Entry {
    /// `mark.min` for a setting of a record, `rules[].match` in a list of records.
    let path: String
    let declaration: any SettingDeclaration
  }

  private static func flattened(
    _ settings: [any SettingDeclaration], under prefix: String = ""
  ) -> [Entry] {
    settings.flatMap { setting in
      let entry = Entry(path: prefix + setting.name, declaration: setting)
      switch setting.kind {
      case .record(let inner): return [entry] + flattened(inner, under: entry.path + ".")
      case .list(.record(let inner)):
        return [entry] + flattened(inner, under: entry.path + "[].")
      default: return [entry]
      }
    }
  }

  private static func value(of kind: SettingKind) -> String {
    if case .list(.record) = kind { "a list of mappings" } else { kind.description }
  }

  private static func presence(of setting: any SettingDeclaration) -> String {
    switch setting.presence {
    case .required: "required"
    case .optional: "unset"
    case .defaultValue(let text): "`\(text)`"
    }
  }

  private static func facts(of setting: any SettingDeclaration) -> String {
    let kind = value(of: setting.kind)
    return switch setting.presence {
    case .required: "\(kind); required"
    case .optional: kind
    case .defaultValue(let text): "\(kind); default \(text.isEmpty ? "empty" : text)"
    }
  }

  private static func cell(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : String($0) }.joined()
  }

  private static func exampleLines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func indented(_ lines: [String]) -> [String] {
    lines.map { $0.isEmpty ? "" : "  " + $0 }
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count + 1 <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
