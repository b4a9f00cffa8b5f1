// SPDX-License-Identifier: BSD-3-Clause

/// Several captures as one, by time stamp.
///
/// At equal times the earlier input comes first. Each input keeps its own order, even where its
/// times go backwards.
public final class MergedCapture {
  public let inputs: [CaptureReader]
  /// By input: what was read of it. Plain memory, since every packet comes by here.
  private let heads: UnsafeMutablePointer<Head>

  /// The packets that an input is to go on with.
  private struct Head: ~Copyable {
    var batch = CaptureBatch()
    var place = 0
    /// Whether nothing comes behind the batch: the input has ended, or failed.
    var isLast = false

    @inline(__always)
    var packet: CapturedPacket? { place < batch.count ? batch[place] : nil }
  }

  public init(_ inputs: [CaptureReader]) {
    self.inputs = inputs
    heads = .allocate(capacity: inputs.count)
    for input in inputs.indices { (heads + input).initialize(to: Head()) }
  }

  deinit {
    heads.deinitialize(count: inputs.count)
    heads.deallocate()
  }

  /// The next packet and the index of its input; its bytes are valid until the next call.
  ///
  /// An input that fails throws once, after its last good packet, and is left out from then on:
  /// who wants the rest of the others calls again.
  public func next() throws(CaptureError) -> (packet: CapturedPacket, input: Int)? {
    var earliest: (packet: CapturedPacket, input: Int)?
    for input in 0..<inputs.count {
      let head = heads + input
      if head.pointee.packet == nil, !head.pointee.isLast { try readOn(input) }
      guard let packet = head.pointee.packet else { continue }
      if let best = earliest, best.packet.nanoseconds <= packet.nanoseconds { continue }
      earliest = (packet, input)
    }
    if let earliest { heads[earliest.input].place += 1 }
    return earliest
  }

  @inline(never)
  private func readOn(_ input: Int) throws(CaptureError) {
    let head = heads + input
    head.pointee.place = 0
    head.pointee.batch.count = 0
    head.pointee.isLast = true
    head.pointee.isLast = try !inputs[input].next(into: &head.pointee.batch)
  }
}
