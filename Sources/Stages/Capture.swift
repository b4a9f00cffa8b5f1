// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Capture
public import Pipeline
public import Settings

/// Writes packets to a capture file, from a thread of its own.
public struct CaptureStage: Stage, ~Copyable {
  public static var name: String { "capture" }
  public static var summary: String {
    "Writes packets to a pcap or pcapng file, all or those around an event; they go on unchanged."
  }
  public static var settings: [any SettingDeclaration] {
    [file, packets, bytes, cut, CaptureTrigger.kinds, CaptureTrigger.before, CaptureTrigger.after]
  }
  public static var shorthand: String? { file.name }
  public static var headers: HeaderUse { .ignores }
  public static var example: String {
    """
    - capture: {file: ce.pcapng, packets: 100000, cut: 128B}
      when: ip.ecn == CE
    - capture: {file: losses.pcapng, trigger: [silent-drop, timeout-recovery], before: 5000}
    """
  }

  static let file: Setting<String> = .path(
    "file", "Where to write; the extension, .pcap or .pcapng, says the format")
  static let packets: Setting<Int?> = .integer(
    "packets", in: 1...Int.max, "Stop after so many packets")
  static let bytes: Setting<Int?> = .size(
    "bytes", in: 1...1e15, "Stop before the packets together have more bytes than this")
  static let cut: Setting<Int?> = .size(
    "cut", in: 14...262_144, "Keep only so many bytes of each packet")

  private let ring: CaptureRing?
  private let recorder: CaptureRecorder?
  private var finishing: CaptureError?
  private let trigger: UnsafeMutablePointer<CaptureTrigger>?

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let path = Self.path(settings[Self.file], context)
    guard CaptureFormat(path: path) != nil || path == "/dev/null" else {
      throw settings.error(
        Self.file, "the extension of '\(path)' says no capture format",
        fix: "name it .pcap or .pcapng")
    }
    let names = settings[CaptureTrigger.kinds]
    let cut =
      settings[Self.cut] ?? (names == nil ? CaptureWriter.longestPacket : nil)
      ?? CaptureTrigger.defaultCut
    context.willWrite(path, at: settings.location(of: Self.file))
    guard context.mode != .check else {
      (ring, recorder, trigger) = (nil, nil, nil)
      return
    }
    do throws(CaptureError) {
      let writer = try CaptureWriter(
        path: path, snapLength: cut)
      let recorder = try CaptureRecorder(
        writer: writer, overflow: context.mode == .replay ? .wait : .discard,
        packetLimit: settings[Self.packets].map(UInt64.init) ?? .max,
        byteLimit: settings[Self.bytes].map(UInt64.init) ?? .max,
        capacity: Self.room(names == nil ? 0 : settings[CaptureTrigger.before] * cut))
      self.recorder = recorder
      ring = recorder.ring
      trigger = names.map {
        let memory = UnsafeMutablePointer<CaptureTrigger>.allocate(capacity: 1)
        memory.initialize(to: CaptureTrigger($0, settings, context.telemetryBoard, cut: cut))
        return memory
      }
    } catch {
      throw settings.error(Self.file, "\(error)")
    }
  }

  deinit {
    trigger?.deinitialize(count: 1)
    trigger?.deallocate()
  }

  /// Each worker writes a file of its own: `x.pcapng` becomes `x.1.pcapng` on the second.
  private static func path(_ path: String, _ context: StageContext) -> String {
    guard context.worker > 0, let dot = path.lastIndex(of: ".") else { return path }
    return path[..<dot] + ".\(context.worker)" + path[dot...]
  }

  /// Room in the ring for all that is written at once.
  private static func room(_ bytes: Int) -> Int { max(8 << 20, bytes * 2) }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    guard let ring else { return }
    if let trigger {
      trigger.pointee.process(burst, selection, ring)
    } else {
      record(selection, of: burst, to: ring)
    }
  }

  private func record(
    _ selection: Selection, of burst: borrowing Burst, to ring: CaptureRing
  ) {
    for index in selection {
      let first = burst.packet(index)
      guard
        ring.begin(
          length: Int(first.pointee.packet_length), nanoseconds: burst.nanoseconds(index),
          originalLength: burst.wireLength(index), linkType: burst.link)
      else { continue }
      var segment = Optional(first)
      while let part = segment {
        ring.append(
          UnsafeRawBufferPointer(start: part.bytes, count: Int(part.pointee.data_length)))
        segment = part.pointee.next
      }
      ring.commit()
    }
  }

  public func figures() -> [StageFigure] {
    guard let recorder else { return [] }
    let missed = recorder.missed
    let fired = trigger?.pointee.fired
    return [StageFigure("captured", recorder.recorded)]
      + (fired.map { [StageFigure("events that began", $0)] } ?? [])
      + (missed > 0 ? [StageFigure("not captured", missed)] : [])
  }

  public func problem() -> String? { (finishing ?? recorder?.error).map { "\($0)" } }

  public mutating func finish() {
    do throws(CaptureError) { try recorder?.finish() } catch { finishing = error }
  }
}
