// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings

/// Sends packets out of a port.
public struct Send: Stage, ~Copyable {
  public static var name: String { "send" }
  public static var summary: String { "Sends packets out of a port; their way ends here." }
  public static var settings: [any SettingDeclaration] { [port] }
  public static var shorthand: String? { port.name }
  public static var headers: HeaderUse { .ignores }
  public static var isFinal: Bool { true }
  public static var example: String {
    """
    - send: host
    """
  }

  static let port: Setting<String> = .port("port", "The port to send to")

  private let port: PortIndex

  public init(_ settings: SettingValues, _ context: StageContext) {
    port = context.port(settings[Self.port])
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    burst.send(selection, to: port)
  }
}
