// SPDX-License-Identifier: BSD-3-Clause
import Congestion
public import Pipeline
public import Settings
import Tables
import Telemetry
import Wire

/// Measures the queue pairs that `track-qps` has found.
public struct RoCETelemetry: Stage, ~Copyable {
  public static var name: String { "roce-telemetry" }
  public static var summary: String {
    "Measures each queue pair that `track-qps` found, and tells of anomalies: losses, times,"
      + " congestion, messages."
  }
  public static var settings: [any SettingDeclaration] { TelemetrySettings.all }
  public static var shorthand: String? { TelemetrySettings.capacity.name }
  public static var example: String {
    """
    - track-qps
    - roce-telemetry
    - roce-telemetry: {rate: 400Gbps, reorder-time: 50us, anomalies: {incast-sources: 32}}
    """
  }

  private var observer: QueuePairObserver

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    var limits = TelemetrySettings.limits(settings)
    context.tableMemory.add(QueuePairObserver.byteCount(limits))
    if context.mode == .check { limits.capacity = 1 }
    let board = context.telemetryBoard
    let series = Self.series(settings, limits, context)
    do throws(TableError) {
      observer = try QueuePairObserver(
        limits, on: board, seed: context.seed, series: series, pages: context.tablePages)
    } catch {
      throw settings.error(
        TelemetrySettings.capacity, "\(error)", fix: "set a lower capacity")
    }
  }

  private static func series(
    _ settings: SettingValues, _ limits: TelemetryLimits, _ context: StageContext
  ) -> SeriesMemory? {
    let queuePairs = settings[TelemetrySettings.series]
    guard queuePairs > 0 else { return nil }
    context.tableMemory.add(
      SeriesMemory.byteCount(queuePairs: queuePairs, capacity: settings[TelemetrySettings.capacity])
    )
    return context.mode == .check
      ? nil : SeriesMemory(queuePairs: queuePairs, capacity: limits.capacity)
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    let others = Selection(bits: observer.observe(selection.bits, of: ObservedBurst(burst)))
    if !others.isEmpty { takeOthers(others, of: burst) }
  }

  /// Pause frames, and RoCE that is of no queue pair.
  @inline(never)
  private mutating func takeOthers(_ others: Selection, of burst: borrowing Burst) {
    let pauses = Layers.pause.rawValue | Layers.pfc.rawValue
    for index in others {
      let headers = burst.headers(index)
      if headers.pointee.layers.rawValue & pauses != 0 {
        let bytes = UnsafeRawPointer(burst.bytes(index))
        let times = PauseTimes(bytes + headers.pointee[.network], headers.pointee.layers)
        let source = bytes.networkUInt64(at: headers.pointee[.link] + 4) & 0xffff_ffff_ffff
        observer.pause(times, from: source, at: burst.nanoseconds(index))
      } else if headers.pointee.layers.rawValue & Layers.bth.rawValue != 0 {
        observer.pass(1)
      }
    }
  }

  public mutating func finish() { observer.finish() }

  public func addUp() { observer.sweep() }

  public func figures() -> [StageFigure] {
    let measured = observer.snapshot
    let totals = Metric.allCases.compactMap { metric in
      let value = measured.totals[metric]
      return value > 0 ? StageFigure(metric.name, value) : nil
    }
    let bytes = measured.memory.reduce(0) { $0 + $1.bytes }
    return [
      StageFigure("bytes of memory", UInt64(bytes)),
      StageFigure("queue pairs", UInt64(measured.queuePairCount)),
      StageFigure("queue pairs that ended", measured.endedQueuePairs),
      StageFigure("events", UInt64(measured.events.count) + measured.forgottenEvents),
    ] + totals
  }

  public func notes() -> [String] {
    let measured = observer.snapshot
    return measured.gaps + measured.events.map(\.sentence)
  }
}

extension ObservedBurst {
  @inline(__always)
  fileprivate init(_ burst: borrowing Burst) {
    self.init(
      headers: burst.records, starts: burst.starts, entries: burst.queuePairs,
      in: burst.queuePairDirectory, times: burst.times, lengths: burst.lengths)
  }
}

extension StageContext {
  /// Of tables for so many that most places may stay empty.
  var tablePages: TablePages { mode == .live ? .atOnce : .whenUsed }

  /// Where the worker's telemetry is found.
  public var telemetryBoard: TelemetryBoard { common("telemetry") { TelemetryBoard() } }
}
