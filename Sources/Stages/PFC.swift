// SPDX-License-Identifier: BSD-3-Clause
import Congestion
public import Pipeline
public import Settings
import Spelling
import Wire

/// Takes the pause frames of a port's peer.
public struct PFC: Stage, ~Copyable {
  public static var name: String { "pfc" }
  public static var summary: String {
    "Takes PAUSE and PFC frames from a port's peer, which stop the port's queues; finds storms."
  }
  public static var settings: [any SettingDeclaration] { [port, rate, honour, watchdog] }
  public static var example: String {
    """
    - pfc: {port: wire, rate: 100Gbps}
    - pfc:
        port: host
        rate: 400Gbps
        honour: [3, 4]
        watchdog: {detect: 200ms, restore: 200ms, action: drop}
    """
  }

  // Not a port to send to, which would make it an output.
  static let port: Setting<String> = .identifier(
    "port",
    "The name of the port whose peer sends the frames: those that the stage sees stop its queues")
  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1e6...100e12, "The rate of the port's link: pauses are counted in its bit times")
  static let honour: Setting<[Int]> = .list(
    "honour", of: .integer(in: 0...7), default: "[0, 1, 2, 3, 4, 5, 6, 7]",
    "The priorities that stop; pauses of others are only counted")
  static let watchdog: Setting<SettingValues?> = .record(
    "watchdog", [detect, restore, action],
    "Find pause storms: a priority that is paused, has something to send and sends nothing")

  static let detect: Setting<UInt64> = .duration(
    "detect", in: 1e-6...3600, default: "200ms", "How long that lasts before it is a storm")
  static let restore: Setting<UInt64> = .duration(
    "restore", in: 1e-6...3600, default: "200ms", "How long no pause lasts before it is over")
  static let action: Setting<Action> = .choice(
    "action", default: .drop,
    "What happens to a priority's packets in a storm: they are dropped, sent in spite of it, or"
      + " wait on (alert)")

  enum Action: String, CaseIterable, Sendable {
    case drop, forward, alert
  }

  private let shared: SharedPauses
  private let pauses: UnsafeMutablePointer<PortPauses>
  private let portName: String
  private let action: Action
  private let reason: DropReason
  private var pauseFrames: UInt64 = 0
  private var priorityFrames: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    shared = try Self.pauses(settings, context)
    context.warnOfWorkers(
      settings, "stops only its own queues, for the pause frames that it gets",
      fix: "use one worker")
    portName = settings[Self.port]
    var honoured: UInt8 = 0
    for priority in settings[Self.honour] { honoured |= 1 << UInt8(priority) }
    let watchdog = settings[Self.watchdog]
    action = watchdog?[Self.action] ?? .drop
    let link = LinkPauses(bitRate: UInt64(settings[Self.rate].rounded()), honoured: honoured)
    shared.serve(link: link, watchdog: Self.watchdog(watchdog))
    pauses = shared.pauses
    reason = context.reason("pause-frame")
  }

  /// The pauses of the port, which must be one of the file, and nobody else's.
  private static func pauses(
    _ settings: SettingValues, _ context: StageContext
  ) throws(SettingsError) -> SharedPauses {
    let (name, names) = (settings[port], context.portNames)
    guard names.contains(name) else {
      let meant = Spelling.nearest(to: name, among: names)
      throw settings.error(
        port, "there is no port '\(name)'",
        fix: meant.map { "did you mean '\($0)'?" }
          ?? "the ports are: \(names.joined(separator: ", "))")
    }
    let shared = context.common("pauses of port \(name)") { SharedPauses() }
    guard !shared.isServed else {
      throw settings.error(
        port, "another 'pfc' takes the pause frames of port '\(name)'",
        fix: "declare it once under 'shared:', and write '- use:' in both places")
    }
    return shared
  }

  private static func watchdog(_ settings: SettingValues?) -> PauseWatchdog {
    guard let settings else { return PauseWatchdog(detection: .max) }
    let action: PauseWatchdog.Action =
      switch settings[action] {
      case .drop: .drop
      case .forward: .forward
      case .alert: .alert
      }
    return PauseWatchdog(
      detection: settings[detect], restoration: settings[restore], action: action)
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    let kinds = Layers.pause.rawValue | Layers.pfc.rawValue
    var frames = Selection()
    for index in selection where burst.headers(index).pointee.layers.rawValue & kinds != 0 {
      frames.insert(index)
    }
    if !frames.isEmpty { take(frames, of: &burst) }
  }

  @inline(never)
  private mutating func take(_ frames: Selection, of burst: inout Burst) {
    for index in frames {
      let headers = burst.headers(index)
      let bytes = burst.bytes(index) + headers.pointee[.network]
      let layers = headers.pointee.layers
      if layers.contains(.pfc) { priorityFrames &+= 1 } else { pauseFrames &+= 1 }
      pauses.pointee.receive(PauseTimes(bytes, layers), at: burst.nanoseconds(index))
    }
    burst.drop(frames, reason)
  }

  public func figures() -> [StageFigure] {
    let priorities = (0..<PauseTimes.priorities).flatMap { priority in
      let link = pauses.pointee.link
      let (stops, starts) = (link.stops(priority), link.starts(priority))
      guard stops + starts > 0 else { return [] as [StageFigure] }
      let storms = pauses.pointee.storms(priority)
      return [
        StageFigure("priority \(priority) XOFF", stops),
        StageFigure("priority \(priority) XON", starts),
        StageFigure("priority \(priority) paused ns", link.pausedTime(priority, at: .max)),
      ]
        + (storms.detected > 0
          ? [
            StageFigure("priority \(priority) storms detected", storms.detected),
            StageFigure("priority \(priority) storms restored", storms.restored),
          ] : [])
    }
    return [
      StageFigure("PFC frames", priorityFrames), StageFigure("PAUSE frames", pauseFrames),
    ] + priorities
  }

  public func notes() -> [String] {
    (0..<PauseTimes.priorities).compactMap { priority in
      let storms = pauses.pointee.storms(priority)
      guard storms.detected > 0 else { return nil }
      let meanwhile =
        switch action {
        case .drop: "its packets were dropped meanwhile"
        case .forward: "its packets were sent in spite of it"
        case .alert: "its packets waited on"
        }
      let count = storms.detected == 1 ? "a pause storm" : "\(storms.detected) pause storms"
      let end = storms.detected == storms.restored ? "over now" : "one goes on"
      return "port '\(portName)' had \(count) on priority \(priority), \(end); \(meanwhile)"
    }
  }
}
