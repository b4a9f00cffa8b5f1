// SPDX-License-Identifier: BSD-3-Clause
public import Presentation
import Telemetry

/// What a running Sluice said of itself at one moment.
public struct TopReading: Sendable {
  public struct Port: Sendable {
    var name: String
    var device: String
    var link: String?
    var receivedPackets: UInt64
    var receivedBytes: UInt64
    var sentPackets: UInt64
    var sentBytes: UInt64
    var missedPackets: UInt64
  }

  public struct Stage: Sendable {
    var name: String
    var type: String
    var packets: UInt64
    var dropped: UInt64
    var timedPackets: UInt64
    var timedCycles: UInt64
    var figures: [(name: String, value: UInt64)]
  }

  public struct QueuePair: Sendable {
    var name: String
    var values: MetricValues
    var opcodes: [(name: String, packets: UInt64)]
  }

  public struct Event: Sendable {
    var kind: String
    var meaning: String
    var isOpen: Bool
    var nanoseconds: UInt64
    var occurrences: UInt64
    /// The first queue pairs, or the address, that it is about.
    var places: [String]
    var queuePairCount: UInt64
    var evidence: [(name: String, value: UInt64)]
  }

  /// Seconds since the run began.
  var uptime: Double
  var file: String
  var workers: UInt64
  /// Nil where the file has no `roce-telemetry`.
  var queuePairCount: UInt64?
  var ports: [Port]
  var stages: [Stage]
  var drops: [(reason: String, packets: UInt64)]
  var queuePairs: [QueuePair]
  var events: [Event]
  /// The queue pair that somebody looks into.
  var detail: QueuePair?
}

extension TopReading {
  /// From the answers of the telemetry socket, by their commands: `info`, `ports`, ...
  public init(_ answers: JSON) {
    let info = answers["info"] ?? .null
    uptime = Double(info.count("uptime_milliseconds")) / 1000
    file = info["file"]?.text ?? ""
    workers = info.count("workers")
    queuePairCount = info["queue_pairs"]?.count
    ports = answers.list("ports").map(Port.init)
    stages = answers.list("stages").map(Stage.init)
    drops = answers.list("drops").map { ($0["reason"]?.text ?? "", $0.count("packets")) }
    queuePairs = answers.list("queue_pairs").map(QueuePair.init)
    events = answers.list("events").map(Event.init)
    if let one = answers["queue_pair"], one["name"]?.text != nil { detail = QueuePair(one) }
  }
}

extension TopReading.Port {
  fileprivate init(_ json: JSON) {
    name = json["name"]?.text ?? ""
    device = json["device"]?.text ?? ""
    link = json["link"]?.text
    receivedPackets = json.count("received_packets")
    receivedBytes = json.count("received_bytes")
    sentPackets = json.count("sent_packets")
    sentBytes = json.count("sent_bytes")
    missedPackets = json.count("missed_packets")
  }
}

extension TopReading.Stage {
  fileprivate init(_ json: JSON) {
    name = (json["pipeline"]?.text ?? "") + "/" + (json["label"]?.text ?? "")
    type = json["stage"]?.text ?? ""
    packets = json.count("packets")
    dropped = json.count("dropped")
    timedPackets = json.count("timed_packets")
    timedCycles = json.count("timed_cycles")
    figures = json["figures"]?.counts ?? []
  }
}

extension TopReading.QueuePair {
  public init(_ json: JSON) {
    name = json["name"]?.text ?? ""
    values = MetricValues()
    for metric in Metric.allCases { values[metric] = json.count(metric.name) }
    opcodes = (json["opcodes"]?.rawCounts ?? []).map { ($0.name, $0.value) }
  }
}

extension TopReading.Event {
  fileprivate init(_ json: JSON) {
    kind = json["kind"]?.text ?? ""
    meaning = json["meaning"]?.text ?? ""
    isOpen = json.count("open") > 0
    let (start, end) = (json.count("start"), json.count("end"))
    nanoseconds = end > start ? end - start : 0
    occurrences = json.count("occurrences")
    queuePairCount = json.count("queue_pair_count")
    let named = json.list("queue_pairs").compactMap(\.text)
    places = named.isEmpty ? [json["address"]?.text].compactMap { $0 } : named
    evidence = json["evidence"]?.counts ?? []
  }
}

extension JSON {
  fileprivate func count(_ name: String) -> UInt64 { self[name]?.count ?? 0 }

  /// An array, or the values of an object whose names are numbers.
  fileprivate func list(_ name: String) -> [JSON] {
    switch self[name] {
    case .array(let elements): elements
    case .object(let members): members.map(\.value)
    default: []
    }
  }

  /// The counters of an object.
  fileprivate var rawCounts: [(name: String, value: UInt64)] {
    guard case .object(let members) = self else { return [] }
    return members.compactMap { name, value in value.count.map { (name, $0) } }
  }

  /// The same with names as people write them.
  fileprivate var counts: [(name: String, value: UInt64)] {
    rawCounts.map { (String($0.name.map { $0 == "_" ? " " : $0 }), $0.value) }
  }
}
