// SPDX-License-Identifier: BSD-3-Clause

// Defaults are written as in the pipeline file: `default: "50us"`.

extension Setting where Value == UInt64 {
  /// Nanoseconds; the range is in seconds.
  public static func duration(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), default: String? = nil,
    _ help: String
  ) -> Setting {
    Setting(name, .duration(in: range), default: `default`, help)
  }
}

extension Setting where Value == UInt64? {
  /// Nanoseconds; the range is in seconds.
  public static func duration(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), _ help: String
  ) -> Setting {
    Setting(name, optional: .duration(in: range), help)
  }
}

extension Setting where Value == Double {
  /// Bits per second.
  public static func bitRate(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), default: String? = nil,
    _ help: String
  ) -> Setting {
    Setting(name, .bitRate(in: range), default: `default`, help)
  }

  /// Packets per second.
  public static func packetRate(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), default: String? = nil,
    _ help: String
  ) -> Setting {
    Setting(name, .packetRate(in: range), default: `default`, help)
  }

  /// A share of one, written in percent.
  public static func share(
    _ name: String, in range: ClosedRange<Double> = 0...1, default: String? = nil, _ help: String
  ) -> Setting {
    Setting(name, .share(in: range), default: `default`, help)
  }
}

extension Setting where Value == Double? {
  /// Bits per second.
  public static func bitRate(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), _ help: String
  ) -> Setting {
    Setting(name, optional: .bitRate(in: range), help)
  }

  /// Packets per second.
  public static func packetRate(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), _ help: String
  ) -> Setting {
    Setting(name, optional: .packetRate(in: range), help)
  }

  /// A share of one, written in percent.
  public static func share(
    _ name: String, in range: ClosedRange<Double> = 0...1, _ help: String
  ) -> Setting {
    Setting(name, optional: .share(in: range), help)
  }
}

extension Setting where Value == Int {
  /// Bytes.
  public static func size(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), default: String? = nil,
    _ help: String
  ) -> Setting {
    Setting(name, .size(in: range), default: `default`, help)
  }
}

extension Setting where Value == Int? {
  /// Bytes.
  public static func size(
    _ name: String, in range: ClosedRange<Double> = 0...(.infinity), _ help: String
  ) -> Setting {
    Setting(name, optional: .size(in: range), help)
  }
}
