// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings

/// At how many bytes a peer is asked to stop and to go on, with room above for what comes late.
struct PauseThresholds {
  static let cable: Setting<Int> = .integer(
    "cable-meters", in: 0...1_000_000, "How long the cable to the peer is")
  static let mtu: Setting<Int> = .size(
    "mtu", in: 64...1e6, "The largest IP packet of either direction")
  static let response: Setting<UInt64> = .duration(
    "response", in: 0...1, default: "1us", "How long the peer takes to stop once it has the frame")

  /// What the queue has room for, and who shares it.
  struct Buffer {
    let capacity: UInt64
    /// Of each priority; nil where that has no bound of its own.
    let priorityCapacity: UInt64?
    /// How many ports and priorities are stopped.
    var ports: UInt64 = 1
    var priorities: UInt64 = 1

    /// What may be kept of one port and priority.
    var share: UInt64 {
      let share = capacity / (ports * priorities)
      return priorityCapacity.map { min(share, $0 / ports) } ?? share
    }

    /// How that comes about.
    var explanation: String {
      let isBound = priorityCapacity.map { $0 / ports == share } ?? false
      return isBound
        ? "the priority-capacity of \(priorityCapacity ?? 0) bytes is for ports: \(ports)"
        : "the capacity of \(capacity) bytes is for ports x priorities: \(ports) x \(priorities)"
    }
  }

  let stopAbove: UInt64
  let startAt: UInt64

  /// - Parameters:
  ///   - settings: of `pause`.
  ///   - rate: of the ports' links, in bits per second.
  init(
    _ settings: SettingValues, rate: UInt64, _ buffer: Buffer, _ context: StageContext
  ) throws(SettingsError) {
    startAt = UInt64(settings[PauseRequests.xon])
    let xoff = settings[PauseRequests.xoff].map(UInt64.init)
    if let values = settings[PauseRequests.headroom] {
      let headroom = Headroom(
        bitRate: rate, meters: UInt64(values[Self.cable]), mtu: UInt64(values[Self.mtu]),
        response: values[Self.response])
      stopAbove = try Self.threshold(xoff, headroom.bytes, buffer, settings)
      if context.mode == .check { explain(headroom, xoff == nil, buffer, context) }
    } else if let xoff {
      stopAbove = xoff
    } else {
      throw settings.error(
        PauseRequests.xoff, "'xoff' is missing",
        fix: "give it, or a 'headroom' that it follows from")
    }
    guard startAt <= stopAbove else {
      throw settings.error(PauseRequests.xon, "xon is above xoff, which is \(stopAbove) bytes")
    }
  }

  /// Beyond which a peer is to stop: as much as leaves the headroom when it is not given.
  private static func threshold(
    _ xoff: UInt64?, _ headroom: UInt64, _ buffer: Buffer, _ settings: SettingValues
  ) throws(SettingsError) -> UInt64 {
    guard headroom < buffer.share else {
      throw settings.error(
        PauseRequests.headroom,
        "the headroom of \(headroom) bytes is larger than the buffer: each port has"
          + " \(buffer.share) bytes of each priority, since \(buffer.explanation)",
        fix: "give the queue more capacity, or stop fewer priorities or ports")
    }
    let most = buffer.share - headroom
    guard let xoff else { return most }
    guard xoff <= most else {
      throw settings.error(
        PauseRequests.xoff,
        "xoff of \(xoff) bytes and the headroom of \(headroom) do not fit: each port has"
          + " \(buffer.share) bytes of each priority, since \(buffer.explanation)",
        fix: "make xoff \(most) bytes or less, or leave it out")
    }
    return xoff
  }

  private func explain(
    _ headroom: Headroom, _ isComputed: Bool, _ buffer: Buffer, _ context: StageContext
  ) {
    for line in headroom.lines { context.explain("headroom: \(line)") }
    let why = isComputed ? "what the headroom leaves" : "as given"
    context.explain(
      "xoff beyond \(stopAbove) bytes (\(why)), xon at \(startAt); each port has"
        + " \(buffer.share) bytes of each priority, since \(buffer.explanation)")
  }
}
