// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Configuration
import Glibc
public import Pipeline
import Settings
import Stages
import Tables
public import Telemetry

/// Captures through the stages that measure RDMA traffic, without a pipeline file.
public final class TelemetryReplay {
  public struct Options: Sendable {
    /// Merged by time; `-` is standard input.
    public var captures: [String]
    /// Files that will be written, and the options that name them.
    public var outputs: [(path: String, option: String)] = []
    /// What the link of a receiver can carry, in bits a second.
    public var rate = 100e9
    /// What tables may take, in bytes.
    public var memory: UInt64 = 512_000_000
    /// Queue pairs that are kept over time.
    public var series = 64

    public init(captures: [String]) { self.captures = captures }
  }

  /// What a run found.
  public struct Outcome: Sendable {
    public var report: Report
    public var telemetry: TelemetrySnapshot
    public var series: SeriesSnapshot?
  }

  /// Queue pairs that there is room for.
  public let capacity: Int
  private let replay: Replay

  public init(_ options: Options, _ registry: StageRegistry) throws(RuntimeError) {
    capacity = Self.capacity(options)
    let text = Self.pipelines(options, capacity)
    let name = "the pipeline of sluice report"
    let loaded = PipelineFile.load(text: text, name: name, catalog: FileCatalog(registry))
    guard let file = loaded.file else { throw .usage(loaded.diagnostics) }
    let plan = NICPlan(file, path: name, registry: registry)
    var replayed = ReplayOptions()
    replayed.inputs["captures"] = options.captures
    try plan.refuseConflicts(
      among: options.captures.map { FileUse($0, readBy: "the report", at: nil) }
        + options.outputs.map { FileUse($0.path, writtenBy: $0.option, at: nil) })
    replay = try Replay(plan, replayed)
  }

  /// Called now and then with the packets read so far.
  public func onProgress(_ progress: @escaping (UInt64) -> Void) { replay.progress = progress }

  /// Reads to the end of the captures, or until a signal.
  ///
  /// - Parameter queuePairs: how many are to be in the list at most, those with most bytes.
  public func run(queuePairs: Int) -> Outcome {
    let board = replay.board
    board.demand = SweepDemand(queuePairs: queuePairs, addressPairs: true)
    let report = replay.run()
    return Outcome(report: report, telemetry: board.snapshot, series: board.seriesSnapshot)
  }

  /// Writes a whole file, which has its name only once it is whole.
  public static func write(_ text: String, to path: String) throws(RuntimeError) {
    do throws(CaptureError) {
      try OutputFile.write(text, to: path)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Every packet is measured and then dropped. A queue pair that was silent for an hour is still
  /// the same one: a capture is looked at as a whole.
  private static func pipelines(_ options: Options, _ capacity: Int) -> String {
    """
    sluice: 1
    ports: {captures: "null:"}
    pipelines:
      report:
        input: captures
        stages:
          - parse
          - verify-icrc
          - track-qps: {capacity: \(capacity), idle: 3600s}
          - roce-telemetry:
              capacity: \(capacity)
              rate: \(UInt64(options.rate))bps
              series: \(options.series)
          - drop: measured
    """
  }

  /// As many queue pairs as the memory has room for, and no more than the captures can have.
  private static func capacity(_ options: Options) -> Int {
    var limits = TelemetryLimits()
    limits.capacity = 1024
    let perThousand = QueuePairObserver.byteCount(limits) + FlowTable.byteCount(capacity: 1024)
    let most = UInt64(FlowTable.largestCapacity)
    var capacity = Int(min(options.memory / UInt64(perThousand) * 1024, most))
    // The smallest packet of RoCE takes more than so many bytes of a capture.
    if let bytes = byteCount(of: options.captures) {
      capacity = min(capacity, Int(min(bytes / 32, most)))
    }
    return max(capacity, 1024)
  }

  /// Nil where one is no regular file: a pipe has an end, but no size.
  private static func byteCount(of captures: [String]) -> UInt64? {
    var total: UInt64 = 0
    for path in captures {
      var status = stat()
      guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        return nil
      }
      total &+= UInt64(clamping: status.st_size)
    }
    return total
  }
}
