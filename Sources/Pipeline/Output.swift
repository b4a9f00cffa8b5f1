// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Packets on their way out together, with what the burst knew of each.
@frozen
public struct OutputBatch: BitwiseCopyable {
  public let packets: UnsafeMutablePointer<Packet>
  public let nanoseconds: UnsafeMutablePointer<UInt64>
  public let wireLengths: UnsafeMutablePointer<UInt32>
  /// Who sent or dropped each packet; senders only where the burst records them.
  public let verdicts: UnsafeMutablePointer<Verdict>
  public let count: Int
  /// The first so many are the burst's own, in the order in which they came; stages made the rest.
  public let ownCount: Int
  public let link: LinkType

  /// What the first packets have together on the wire.
  func bytes(of count: Int) -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<count { sum &+= UInt64(wireLengths[index]) }
    return sum
  }
}

/// Where a worker's packets leave: a queue of a DPDK port, a ring to another worker, or a file.
/// Called once per burst and port; packets that stages made come behind the burst's own.
open class Output {
  public init() {}

  /// Sends the packets, or the first of them, and returns how many: those are no longer the
  /// caller's.
  open func send(_ batch: OutputBatch) -> Int { 0 }
}

/// Room to gather packets that do not lie side by side in the burst.
struct Gathering: ~Copyable {
  let packets: UnsafeMutablePointer<Packet>
  let nanoseconds: UnsafeMutablePointer<UInt64>
  let wireLengths: UnsafeMutablePointer<UInt32>
  let verdicts: UnsafeMutablePointer<Verdict>

  init(capacity: Int) {
    packets = .allocate(capacity: capacity)
    nanoseconds = .allocate(capacity: capacity)
    wireLengths = .allocate(capacity: capacity)
    verdicts = .allocate(capacity: capacity)
  }

  func batch(of count: Int, own ownCount: Int, _ link: LinkType) -> OutputBatch {
    OutputBatch(
      packets: packets, nanoseconds: nanoseconds, wireLengths: wireLengths, verdicts: verdicts,
      count: count, ownCount: ownCount, link: link)
  }

  deinit {
    packets.deallocate()
    nanoseconds.deallocate()
    wireLengths.deallocate()
    verdicts.deallocate()
  }
}
