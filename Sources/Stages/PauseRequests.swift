// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Congestion
import Pipeline
import Settings
import Wire

/// Asks the peers of input ports to stop while much of what came from them is kept.
struct PauseRequests: ~Copyable {
  static let ports: Setting<[String]> = .list(
    "ports", of: .port, "The input ports whose peers are asked")
  static let xoff: Setting<Int?> = .size(
    "xoff", in: 1...1e12,
    "Stop a priority when more bytes of it than this are kept that came by one port: what the"
      + " headroom leaves of the capacity when left out")
  static let xon: Setting<Int> = .size(
    "xon", in: 0...1e12, "Let it go on when no more than this are kept; not above xoff")
  static let priorities: Setting<[Int]> = .list(
    "priorities", of: .integer(in: 0...7), default: "[0, 1, 2, 3, 4, 5, 6, 7]",
    "The priorities that are stopped")
  static let quanta: Setting<Int> = .integer(
    "quanta", in: 16...65535, default: 65535,
    "How long a frame stops them, in times of 512 bits; it is renewed when half of that has passed")
  static let rate: Setting<Double?> = .bitRate(
    "rate", in: 1e6...100e12, "The rate of those ports' links: that of the queue when left out")
  static let headroom: Setting<SettingValues?> = .record(
    "headroom", [PauseThresholds.cable, PauseThresholds.mtu, PauseThresholds.response],
    "Reckon what still comes in after a peer was asked to stop, and refuse settings that leave no"
      + " room for it; its rate is that of the ports' links")
  static let source: Setting<MACAddress> = .mac(
    "source", default: "02:00:00:00:00:01", "The source address of the frames")

  static var settings: [any SettingDeclaration] {
    [ports, xoff, xon, headroom, priorities, quanta, rate, source]
  }

  /// The input ports, a bit for each.
  private let asked: UInt64
  private let generators: UnsafeMutablePointer<PauseGenerator>
  /// Bytes that are kept, by port and priority.
  private let kept: UnsafeMutablePointer<UInt64>
  private let frame: UnsafeMutableRawPointer
  private let source: MACAddress
  private let pool: OpaquePointer?
  private var isDue = false
  private var sent: UInt64 = 0
  private var unsent: UInt64 = 0

  /// - Parameters:
  ///   - rate: that of the queue, in bits per second.
  ///   - buffer: what the queue has room for.
  init(
    _ settings: SettingValues?, rate: UInt64, _ buffer: PauseThresholds.Buffer,
    _ context: StageContext
  ) throws(SettingsError) {
    var asked: UInt64 = 0
    var generator = PauseGenerator(bitRate: rate, stopAbove: .max, startAt: .max)
    if let settings {
      for port in settings[Self.ports] { asked |= 1 << UInt64(context.port(port).value) }
      generator = try Self.generator(settings, rate: rate, buffer, ports: asked, context)
      context.reservePackets(perBurst: 2 * settings[Self.ports].count)
    }
    self.asked = asked
    source = settings?[Self.source] ?? MACAddress(value: 0)
    pool = context.pool
    generators = .allocate(capacity: PortIndex.limit)
    generators.initialize(repeating: generator, count: PortIndex.limit)
    kept = .allocate(capacity: PortIndex.limit * 8)
    kept.initialize(repeating: 0, count: PortIndex.limit * 8)
    frame = .allocate(byteCount: PauseFrame.length, alignment: 8)
  }

  private static func generator(
    _ settings: SettingValues, rate: UInt64, _ buffer: PauseThresholds.Buffer, ports: UInt64,
    _ context: StageContext
  ) throws(SettingsError) -> PauseGenerator {
    let rate = settings[Self.rate].map { UInt64($0.rounded()) } ?? rate
    let priorities: UInt8 = settings[Self.priorities].reduce(0) { $0 | 1 << UInt8($1) }
    var buffer = buffer
    buffer.ports = UInt64(max(ports.nonzeroBitCount, 1))
    buffer.priorities = UInt64(max(priorities.nonzeroBitCount, 1))
    let thresholds = try PauseThresholds(settings, rate: rate, buffer, context)
    return PauseGenerator(
      bitRate: rate, stopAbove: thresholds.stopAbove, startAt: thresholds.startAt,
      quanta: UInt16(settings[Self.quanta]), priorities: priorities)
  }

  deinit {
    generators.deallocate()
    kept.deallocate()
    frame.deallocate()
  }

  var isEmpty: Bool { asked == 0 }

  /// A packet that came by `port` is kept, or is no longer when `bytes` is negative.
  @inline(__always)
  mutating func note(_ port: PortIndex, _ priority: UInt8, _ bytes: Int) {
    guard asked &>> UInt64(port.value) & 1 == 1 else { return }
    let place = kept + (Int(port.value) &* 8 &+ Int(priority & 7))
    place.pointee = UInt64(bitPattern: Int64(bitPattern: place.pointee) &+ Int64(bytes))
    let generator = generators + Int(port.value)
    if generator.pointee.note(Int(priority & 7), bytes: place.pointee) { isDue = true }
  }

  /// When frames are to be sent if nothing else happens; `.max` for never.
  var nextEvent: UInt64 {
    var next = UInt64.max
    var rest = asked
    while rest != 0 {
      next = min(next, generators[rest.trailingZeroBitCount].nextEvent)
      rest &= rest &- 1
    }
    return next
  }

  /// Sends what is due at `now`.
  @inline(__always)
  mutating func send(_ burst: inout Burst, at now: UInt64) {
    guard asked != 0, isDue || nextEvent <= now else { return }
    sendFrames(&burst, at: now)
  }

  @inline(never)
  private mutating func sendFrames(_ burst: inout Burst, at now: UInt64) {
    isDue = false
    var rest = asked
    while rest != 0 {
      let port = rest.trailingZeroBitCount
      rest &= rest &- 1
      while let times = generators[port].takeFrame(at: now) {
        PauseFrame.writePFC(vector: times.vector, times.quanta, from: source, to: frame)
        emit(&burst, to: PortIndex(UInt8(truncatingIfNeeded: port)), at: now)
      }
    }
  }

  private mutating func emit(_ burst: inout Burst, to port: PortIndex, at now: UInt64) {
    let length = UInt32(PauseFrame.length)
    guard let pool, let packet = cdpdk_fill(pool, frame, length) else {
      unsent &+= 1
      return
    }
    if burst.emit(packet, to: port, nanoseconds: now, wireLength: length) {
      sent &+= 1
    } else {
      packet.free()
      unsent &+= 1
    }
  }

  var figures: [StageFigure] {
    guard asked != 0 else { return [] }
    let all = (0..<PortIndex.limit).map { generators[$0] }
    return [
      StageFigure("pause frames", sent),
      StageFigure("pause frames that renewed", all.reduce(0) { $0 + $1.renewals }),
    ]
      + (0..<8).compactMap { priority in
        let stops = all.reduce(0) { $0 + $1.stops(priority) }
        return stops > 0 ? StageFigure("priority \(priority) stopped", stops) : nil
      }
      + (unsent > 0 ? [StageFigure("pause frames not sent: pool empty", unsent)] : [])
  }
}
