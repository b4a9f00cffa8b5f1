// SPDX-License-Identifier: BSD-3-Clause
public import Wire

// Defaults are written as in the pipeline file: `default: "10.9.0.0/16"`.

extension Setting where Value == FieldValue? {
  /// A value for a field of a packet; the setting has the field's name.
  public static func field(_ field: Field) -> Setting {
    Setting(field.name, optional: .field(field), field.summary)
  }
}

extension Setting where Value == MACAddress {
  /// A MAC address.
  public static func mac(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .mac, default: `default`, help)
  }
}

extension Setting where Value == MACAddress? {
  /// A MAC address.
  public static func mac(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .mac, help)
  }
}

extension Setting where Value == IPv4Address {
  /// An IPv4 address.
  public static func ipv4(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .ipv4, default: `default`, help)
  }
}

extension Setting where Value == IPv4Address? {
  /// An IPv4 address.
  public static func ipv4(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .ipv4, help)
  }
}

extension Setting where Value == IPv6Address {
  /// An IPv6 address.
  public static func ipv6(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .ipv6, default: `default`, help)
  }
}

extension Setting where Value == IPv6Address? {
  /// An IPv6 address.
  public static func ipv6(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .ipv6, help)
  }
}

extension Setting where Value == IPPrefix.Address {
  /// An IP address of either version.
  public static func address(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .address, default: `default`, help)
  }
}

extension Setting where Value == IPPrefix.Address? {
  /// An IP address of either version.
  public static func address(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .address, help)
  }
}

extension Setting where Value == IPPrefix {
  /// An address block of either version.
  public static func prefix(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .prefix, default: `default`, help)
  }
}

extension Setting where Value == IPPrefix? {
  /// An address block of either version.
  public static func prefix(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .prefix, help)
  }
}

extension Setting where Value == String {
  /// The name of a port of the file.
  public static func port(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .port, default: `default`, help)
  }

  /// The name of a pipeline of the file.
  public static func pipeline(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .pipeline, default: `default`, help)
  }
}

extension Setting where Value == String? {
  /// The name of a port of the file.
  public static func port(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .port, help)
  }

  /// The name of a pipeline of the file.
  public static func pipeline(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .pipeline, help)
  }
}

extension Setting where Value == Expression {
  /// A condition over packet fields.
  public static func expression(
    _ name: String, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .expression, default: `default`, help)
  }
}

extension Setting where Value == Expression? {
  /// A condition over packet fields.
  public static func expression(
    _ name: String, _ help: String
  ) -> Setting {
    Setting(name, optional: .expression, help)
  }
}
