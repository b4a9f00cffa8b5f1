// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Wire

extension CaptureSummary {
  /// Gathers what was counted, and gives it names.
  init(
    _ counters: borrowing SummaryCounters, _ captures: CaptureFiles, _ options: InspectionOptions,
    interrupted: Bool, busiest most: Int
  ) {
    files = captures.files.map { file in
      File(
        path: file.path, format: file.format?.rawValue, linkType: file.linkType?.name,
        snapLength: file.snapLength)
    }
    filter = options.filter?.text
    self.interrupted = interrupted
    problems = captures.problems
    notes = captures.notes
    gatherPackets(counters)
    gatherRDMA(counters)
    gatherQueuePairs(counters.queuePairs, most)
    malformed = Self.named(counters.malformations.all) { number in
      Malformation(rawValue: UInt8(number)).flatMap { $0 == .none ? nil : $0.name }
    }
  }

  private mutating func gatherPackets(_ counters: borrowing SummaryCounters) {
    total = counters.total
    capturedBytes = counters.capturedBytes
    cutPackets = counters.cutPackets
    longestCaptured = counters.longestCaptured
    backwards = counters.backwards
    if total.packets > 0 { (earliest, latest) = (counters.earliest, counters.latest) }
    protocols = counters.layers.entries.map { entry in
      let words = LayerWords.names(of: entry.layers)
      return Group(words: words.isEmpty ? ["unknown"] : words, count: entry.count)
    }
    if counters.layers.others.packets > 0 {
      protocols.append(Group(words: ["others"], count: counters.layers.others))
    }
    protocols.sort { Self.isBefore(($0.count, $0.words[...]), ($1.count, $1.words[...])) }
  }

  private mutating func gatherRDMA(_ counters: borrowing SummaryCounters) {
    opcodes = counters.opcodes.all.enumerated().compactMap { number, count in
      let opcode = Opcode(rawValue: UInt8(number))
      return count.packets > 0 ? Group(words: [opcode.description], count: count) : nil
    }
    opcodes.sort { Self.isBefore(($0.count, $0.words[...]), ($1.count, $1.words[...])) }
    rdmaPackets = opcodes.reduce(0) { $0 + $1.count.packets }
    notifications = counters.opcodes.counts[Int(Opcode.cnp.rawValue)].packets
    acks = counters.acks
    notReady = counters.notReady
    let codepoints = FieldTable.field(named: "ip.ecn")
    ecn = counters.ecn.all.enumerated().map { number, count in
      let name = codepoints?.text(of: .number(UInt64(number))) ?? ""
      return Named(name: number < 4 ? name : "none", count: count)
    }
    let codes = FieldTable.field(named: "aeth.nak_code")
    naks = Self.named(counters.naks.all) { codes?.text(of: .number(UInt64($0))) }
    icrc = zip(ICRCVerdict.allCases, counters.icrc.all).map { Named(name: $0.name, count: $1) }
    icrc[0].count += rdmaPackets - icrc.reduce(0) { $0 + $1.count }
    withoutICRC = counters.withoutICRC
    sampling = counters.sampler.wording
  }

  private mutating func gatherQueuePairs(_ table: borrowing QueuePairTable, _ most: Int) {
    let entries = table.all
    queuePairs = Set(entries.map(\.key.target)).count
    uncountedByQueuePair = table.others
    busiest = entries.sorted { Self.isBusier($0, $1) }.prefix(most).map { entry in
      let addresses = entry.key.addresses
      return QueuePair(
        source: addresses.source, destination: addresses.destination, number: entry.key.queuePair,
        transports: Opcode.Transport.allCases.filter { entry.transports >> $0.rawValue & 1 != 0 }
          .map(\.abbreviation),
        count: entry.count, congested: entry.congested)
    }
  }

  /// What was counted at all, the most frequent first; numbers without a name are left out.
  private static func named(_ counts: [UInt64], _ name: (Int) -> String?) -> [Named] {
    counts.enumerated().compactMap { number, count in
      count > 0 ? name(number).map { Named(name: $0, count: count) } : nil
    }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// More packets first, and then by name, so that every run says the same.
  private static func isBefore(
    _ left: (count: PacketCount, words: ArraySlice<String>),
    _ right: (count: PacketCount, words: ArraySlice<String>)
  ) -> Bool {
    left.count.packets != right.count.packets
      ? left.count.packets > right.count.packets
      : left.words.lexicographicallyPrecedes(right.words)
  }

  private static func isBusier(_ left: QueuePairTable.Entry, _ right: QueuePairTable.Entry) -> Bool
  {
    if left.count.packets != right.count.packets {
      return left.count.packets > right.count.packets
    }
    let (first, second) = (left.key, right.key)
    return (first.number, first.words.x, first.words.y, first.words.z, first.words.w)
      < (second.number, second.words.x, second.words.y, second.words.z, second.words.w)
  }
}

extension LinkType {
  /// What people call it.
  var name: String {
    switch self {
    case .ethernet: "Ethernet"
    case .rawIP: "raw IP"
    case .linuxCooked: "Linux cooked"
    case .linuxCooked2: "Linux cooked v2"
    case .loopback: "loopback"
    case .infiniband: "InfiniBand"
    }
  }
}
