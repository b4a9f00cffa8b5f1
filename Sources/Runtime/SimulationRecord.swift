// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Pipeline

/// What a simulation was seen to do, sample by sample.
public struct SimulationRecord: Sendable {
  /// Nanoseconds between two samples.
  let interval: UInt64
  private let start: UInt64
  /// Samples that the summary leaves out.
  let settling: Int
  private(set) var count = 0
  /// By queue pair: the bits that left by a cable each second, sample after sample.
  private(set) var rates: [[Double]]
  /// By queue: its bytes.
  private(set) var depths: [[UInt64]]
  /// By direction of a cable: bits each second.
  private(set) var cables: [[Double]]
  let queueNames: [String]
  let cableNames: [String]
  private let queueStages: [Int]
  private var sentBefore: [UInt64]
  private var carriedBefore: [UInt64]

  init(_ plan: NICPlan, _ simulated: SimulationPlan) {
    interval = simulated.settings[SimulationSettings.sample]
    start = Simulation.start
    settling = Int(simulated.settings[SimulationSettings.settle] / interval)
    let pairs = simulated.traffic.reduce(0) { $0 + $1.settings[SimulationSettings.queuePairs] }
    let stages = plan.pipelines.flatMap(\.stages)
    queueStages = stages.indices.filter { stages[$0].type.description.name == "queue" }
    queueNames = queueStages.map { stages[$0].label }
    let names = plan.ports.map(\.name)
    cableNames = simulated.cables.flatMap { cable in
      let ends = cable.ends.map { names[Int($0.value)] }
      return ["\(ends[0]) to \(ends[1])", "\(ends[1]) to \(ends[0])"]
    }
    rates = Array(repeating: [], count: pairs)
    depths = Array(repeating: [], count: queueStages.count)
    cables = Array(repeating: [], count: cableNames.count)
    sentBefore = Array(repeating: 0, count: pairs)
    carriedBefore = Array(repeating: 0, count: cableNames.count)
  }

  /// Takes the samples that are due by `now`.
  mutating func sample(
    until now: UInt64, _ traffic: SimulatedTraffic, _ cables: SimulatedCables, _ set: PipelineSet
  ) {
    while start + UInt64(count + 1) * interval <= now {
      let perSecond = 8e9 / Double(interval)
      for (place, pair) in traffic.queuePairs.enumerated() {
        rates[place].append(Double(pair.sentBytes - sentBefore[place]) * perSecond)
        sentBefore[place] = pair.sentBytes
      }
      for place in cableNames.indices {
        let bytes = cables.bytes(of: place)
        self.cables[place].append(Double(bytes - carriedBefore[place]) * perSecond)
        carriedBefore[place] = bytes
      }
      sampleQueues(set)
      count += 1
    }
  }

  private mutating func sampleQueues(_ set: PipelineSet) {
    for (place, stage) in queueStages.enumerated() {
      let depth = set.figures(of: stage).first { $0.name == "bytes now" }?.value ?? 0
      depths[place].append(depth)
    }
  }

  /// Writes the table and the picture to files, where there are paths for them.
  public func write(csv table: String?, svg picture: String?) throws(RuntimeError) {
    do throws(CaptureError) {
      if let table { try OutputFile.write(csv, to: table) }
      if let picture { try OutputFile.write(svg, to: picture) }
    } catch {
      throw .failed("\(error)")
    }
  }

  /// One line for each sample.
  public var csv: String {
    let names =
      ["time_us"] + rates.indices.map { "queue_pair_\($0 + 1)_bps" }
      + queueNames.map { "\($0)_bytes" } + cableNames.map { "\($0)_bps" }
    var lines = [names.joined(separator: ",")]
    for sample in 0..<count {
      var cells = ["\(Double(UInt64(sample + 1) * interval) / 1e3)"]
      cells += rates.map { "\(UInt64($0[sample]))" }
      cells += depths.map { "\($0[sample])" }
      cells += cables.map { "\(UInt64($0[sample]))" }
      lines.append(cells.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
