// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Packets out of captures, a batch at a time: numbered, parsed and held against the filter.
struct PacketFeed: ~Copyable {
  let captures: CaptureFiles
  /// The time of the first packet that was read.
  private(set) var start: UInt64?
  /// How many packets were read, whether the filter lets them through or not.
  private(set) var packetsRead: UInt64 = 0
  private let host: InspectionHost
  private let parser: Parser
  private let predicate: Predicate?
  /// Whether the ICRC of every packet is looked at.
  private let checksICRC: Bool
  /// How many packets may still be given.
  private var remaining: Int
  private var nextProgress: UInt64 = 0

  private static let progressInterval: UInt64 = 1 << 16

  /// - Parameter merging: whether several captures are merged by time rather than read in turn.
  /// - Parameter checkingICRC: whether every packet's ICRC is looked at, even if no filter asks.
  init(
    _ options: InspectionOptions, merging: Bool, checkingICRC: Bool, host: InspectionHost,
    beforeWaiting: @escaping () -> Void = {}
  ) {
    captures = CaptureFiles(
      options.files, merging: merging, host: host, beforeWaiting: beforeWaiting)
    self.host = host
    parser = Parser(options.parser)
    if let filter = options.filter { predicate = Predicate(filter) } else { predicate = nil }
    checksICRC = checkingICRC || options.filter?.root.asks(for: "roce.icrc") ?? false
    remaining = options.packetLimit ?? .max
  }

  /// The next batch that has a packet which the filter lets through; false at the end.
  mutating func next(_ batch: inout PacketBatch) -> Bool {
    while remaining > 0, !host.isStopped(), let file = captures.next(into: &batch.captured) {
      batch.file = file
      batch.firstNumber = packetsRead + 1
      packetsRead += UInt64(batch.captured.count)
      if start == nil { start = batch.captured[0].nanoseconds }
      batch.parse(by: parser.rules)
      if checksICRC { batch.checkICRC() }
      select(&batch)
      if packetsRead >= nextProgress {
        nextProgress = packetsRead + Self.progressInterval
        host.progress(packetsRead)
      }
      if batch.selected != 0 { return true }
    }
    return false
  }

  private mutating func select(_ batch: inout PacketBatch) {
    switch predicate {
    case .none: break
    case .some(let predicate): batch.selected = predicate.evaluate(batch.selected, batch)
    }
    if batch.selected.nonzeroBitCount > remaining { batch.keep(atMost: remaining) }
    remaining -= batch.selected.nonzeroBitCount
  }
}

extension ExpressionNode {
  /// Whether a comparison in it has that field.
  fileprivate func asks(for name: String) -> Bool {
    switch self {
    case .present: false
    case .flag(let field): field.name == name
    case .comparison(let comparison): comparison.field.name == name
    case .not(let node): node.asks(for: name)
    case .all(let nodes), .any(let nodes): nodes.contains { $0.asks(for: name) }
    }
  }
}
