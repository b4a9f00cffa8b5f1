// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Wire

/// What a summary counts, packet by packet: nothing here allocates, but for tables that grow.
struct SummaryCounters: ~Copyable {
  private(set) var total = PacketCount()
  private(set) var capturedBytes: UInt64 = 0
  private(set) var cutPackets: UInt64 = 0
  private(set) var longestCaptured = 0
  private(set) var earliest = UInt64.max
  private(set) var latest: UInt64 = 0
  /// Packets that are older than the one before them.
  private(set) var backwards: UInt64 = 0
  private var previous: UInt64 = 0

  private(set) var layers = LayerCounts()
  let malformations = CountTable(capacity: 256, of: UInt64(0))
  let opcodes = CountTable(capacity: 256, of: PacketCount())
  private(set) var queuePairs = QueuePairTable()
  /// Of RoCE packets, by codepoint; then those without one.
  let ecn = CountTable(capacity: 5, of: UInt64(0))
  /// By the lower five bits of the syndrome.
  let naks = CountTable(capacity: 32, of: UInt64(0))
  private(set) var acks: UInt64 = 0
  private(set) var notReady: UInt64 = 0
  /// By verdict, of the packets that were chosen.
  let icrc = CountTable(capacity: ICRCVerdict.allCases.count, of: UInt64(0))
  /// RoCE packets that are too short to have an ICRC.
  private(set) var withoutICRC: UInt64 = 0
  private(set) var sampler: ICRCSampler

  init(_ sampling: ICRCSampling) { sampler = ICRCSampler(sampling) }

  /// Counts the batch's selected packets.
  mutating func add(_ batch: borrowing PacketBatch) {
    addRecords(batch)
    var bits = batch.selected
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let packet = batch.captured[index]
      let length = UInt64(packet.originalLength)
      let headers = batch.headers(index)
      let found = headers.pointee.layers.rawValue
      layers.add(Layers(rawValue: found & ~Layers.behindBTH.rawValue), length)
      let malformation = headers.pointee.malformation
      if malformation != .none { malformations.counts[Int(malformation.rawValue)] &+= 1 }
      if found & Layers.bth.rawValue != 0 {
        addRDMA(headers, batch.bytes(index), length)
        addICRC(of: batch, index, packet.bytes.count)
      }
    }
  }

  /// Counts what captures say of their packets: in a loop of its own, whose sums need no memory.
  private mutating func addRecords(_ batch: borrowing PacketBatch) {
    var (bytes, captured, cut, older) = (0 as UInt64, 0 as UInt64, 0 as UInt64, 0 as UInt64)
    var (longest, first, last, before) = (longestCaptured, earliest, latest, previous)
    var bits = batch.selected
    while bits != 0 {
      let packet = batch.captured[bits.trailingZeroBitCount]
      bits &= bits &- 1
      let (length, time) = (packet.bytes.count, packet.nanoseconds)
      bytes &+= UInt64(packet.originalLength)
      captured &+= UInt64(length)
      cut &+= length < Int(packet.originalLength) ? 1 : 0
      longest = max(longest, length)
      first = min(first, time)
      last = max(last, time)
      older &+= time < before ? 1 : 0
      before = time
    }
    total.packets &+= UInt64(batch.selected.nonzeroBitCount)
    total.bytes &+= bytes
    capturedBytes &+= captured
    cutPackets &+= cut
    backwards &+= older
    (longestCaptured, earliest, latest, previous) = (longest, first, last, before)
  }

  @inline(__always)
  private mutating func addRDMA(
    _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer, _ length: UInt64
  ) {
    let opcode = bytes.load(fromByteOffset: headers.pointee[.rdma], as: UInt8.self)
    opcodes.counts[Int(opcode)].add(length)
    let layers = headers.pointee.layers.rawValue
    if layers & Layers.aeth.rawValue != 0 { addAnswer(headers, bytes) }
    let key = QueuePairKey(headers, bytes)
    let codepoint = key.ecn(headers, bytes)
    ecn.counts[codepoint] &+= 1
    queuePairs.add(key, length, transport: opcode >> 5, isCongested: codepoint == 3)
  }

  @inline(__always)
  private mutating func addICRC(of batch: borrowing PacketBatch, _ index: Int, _ captured: Int) {
    let headers = batch.headers(index)
    if headers.pointee.malformation == .roceLength { withoutICRC &+= 1 }
    guard sampler.chooses(captured) else { return }
    let known = headers.pointee.icrc
    let verdict = known == .unchecked ? ICRC.verdict(in: batch, at: index) : known
    icrc.counts[Int(verdict.rawValue)] &+= 1
  }

  @inline(__always)
  private mutating func addAnswer(
    _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer
  ) {
    let layers = headers.pointee.layers.rawValue
    if layers & Layers.ack.rawValue != 0 { acks &+= 1 }
    if layers & Layers.rnrNAK.rawValue != 0 { notReady &+= 1 }
    guard layers & Layers.nak.rawValue != 0 else { return }
    let syndrome = bytes.load(fromByteOffset: headers.pointee[.operation], as: UInt8.self)
    naks.counts[Int(syndrome & 0x1f)] &+= 1
  }
}
