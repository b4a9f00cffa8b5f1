// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings

/// Sends a copy of each packet to another port.
public struct Mirror: Stage, ~Copyable {
  public static var name: String { "mirror" }
  public static var summary: String {
    "Sends a copy of each packet, as it is at this point, to another port."
  }
  public static var settings: [any SettingDeclaration] { [port, cut] }
  public static var shorthand: String? { port.name }
  public static var headers: HeaderUse { .ignores }
  public static var example: String {
    """
    - mirror: monitor
    - mirror: {port: monitor, cut: 128B}
      when: tcp.syn
    """
  }

  static let port: Setting<String> = .port("port", "The port that gets the copies")
  static let cut: Setting<Int?> = .size(
    "cut", in: 14...65535, "Copy only so many bytes of each packet")

  private let port: PortIndex
  private let cut: UInt32
  private let pool: OpaquePointer?
  /// A copy that leaves a live port really is shorter; in a capture it keeps its original length.
  private let isLive: Bool
  private var copied: UInt64 = 0
  private var missed: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) {
    port = context.port(settings[Self.port])
    cut = settings[Self.cut].map(UInt32.init) ?? .max
    pool = context.pool
    isLive = context.mode == .live
    context.reservePackets(perBurst: Burst.capacity)
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    guard let pool else { return }
    for index in selection {
      guard let copy = cdpdk_copy(burst.packet(index), pool, cut) else {
        missed &+= 1
        continue
      }
      let wireLength = isLive ? copy.pointee.packet_length : burst.wireLength(index)
      if burst.emit(
        copy, to: port, nanoseconds: burst.nanoseconds(index), wireLength: wireLength)
      {
        copied &+= 1
      } else {
        copy.free()
        missed &+= 1
      }
    }
  }

  public func figures() -> [StageFigure] {
    [StageFigure("copied", copied)]
      + (missed > 0 ? [StageFigure("not copied: pool empty", missed)] : [])
  }
}
