// SPDX-License-Identifier: BSD-3-Clause

extension Setting where Value == SettingValues {
  /// A mapping with declarations of its own; its default can only be `{}`.
  public static func record(
    _ name: String, _ declarations: [any SettingDeclaration], default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .record(declarations), default: `default`, help)
  }
}

extension Setting where Value == SettingValues? {
  /// A mapping with declarations of its own; its default can only be `{}`.
  public static func record(
    _ name: String, _ declarations: [any SettingDeclaration], _ help: String
  ) -> Setting {
    Setting(name, optional: .record(declarations), help)
  }
}

extension Setting where Value == [FieldAssignment]? {
  /// Values for fields that can be written.
  public static func assignments(_ name: String, _ help: String) -> Setting {
    Setting(name, optional: .assignments, help)
  }
}

extension Setting {
  /// A list; its default is written as in `[a, b]`.
  public static func list<Element>(
    _ name: String, of element: SettingForm<Element>, default: String? = nil, _ help: String
  ) -> Setting
  where Value == [Element] {
    Setting(name, .list(of: element), default: `default`, help)
  }
}

extension Setting {
  /// A list; its default is written as in `[a, b]`.
  public static func list<Element>(
    _ name: String, of element: SettingForm<Element>, _ help: String
  ) -> Setting
  where Value == [Element]? {
    Setting(name, optional: .list(of: element), help)
  }
}
