// SPDX-License-Identifier: BSD-3-Clause

extension Setting where Value == Bool {
  /// True or false.
  public static func boolean(
    _ name: String, default: Bool? = nil, _ help: String
  ) -> Setting {
    Setting(name, .boolean, default: `default`.map(String.init), help)
  }
}

extension Setting where Value == Bool? {
  /// True or false.
  public static func boolean(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .boolean, help)
  }
}

extension Setting where Value == Int {
  /// A whole number.
  public static func integer(
    _ name: String, in range: ClosedRange<Int> = 0...Int.max, default: Int? = nil, _ help: String
  ) -> Setting {
    Setting(name, .integer(in: range), default: `default`.map { String($0) }, help)
  }
}

extension Setting where Value == Int? {
  /// A whole number.
  public static func integer(
    _ name: String, in range: ClosedRange<Int> = 0...Int.max, _ help: String
  ) -> Setting {
    Setting(name, optional: .integer(in: range), help)
  }
}

extension Setting where Value == String {
  /// Any text.
  public static func text(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .text, default: `default`, help)
  }

  /// A word of letters, digits, `-`, `_` and `.`.
  public static func identifier(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .identifier, default: `default`, help)
  }

  /// A path of a file.
  public static func path(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .path, default: `default`, help)
  }

  /// One of some words.
  public static func choice(
    _ name: String, _ names: [String], default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .choice(names), default: `default`, help)
  }
}

extension Setting where Value == String? {
  /// Any text.
  public static func text(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .text, help)
  }

  /// A word of letters, digits, `-`, `_` and `.`.
  public static func identifier(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .identifier, help)
  }

  /// A path of a file.
  public static func path(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .path, help)
  }

  /// One of some words.
  public static func choice(
    _ name: String, _ names: [String], _ help: String
  ) -> Setting {
    Setting(name, optional: .choice(names), help)
  }
}

extension Setting where Value: CaseIterable & RawRepresentable<String> {
  /// One of the cases, by its raw value.
  public static func choice(
    _ name: String, default: Value? = nil, _ help: String
  ) -> Setting {
    Setting(name, .choice, default: `default`?.rawValue, help)
  }
}

extension Setting {
  /// One of the cases, by its raw value.
  public static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, _ help: String
  ) -> Setting
  where Value == Choice? {
    Setting(name, optional: .choice, help)
  }
}
