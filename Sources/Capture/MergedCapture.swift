// SPDX-License-Identifier: BSD-3-Clause

/// Several captures as one, by time stamp.
///
/// At equal times the earlier input comes first. Each input keeps its own order, even where its
/// times go backwards.
public final class MergedCapture {
  public let inputs: [CaptureReader]
  private var heads: [CapturedPacket?]
  /// Inputs whose head was delivered, and which have to be read on.
  private var unread: [Int]

  public init(_ inputs: [CaptureReader]) {
    self.inputs = inputs
    heads = Array(repeating: nil, count: inputs.count)
    unread = Array(inputs.indices.reversed())
  }

  /// The next packet and the index of its input; its bytes are valid until the next call.
  ///
  /// An input that fails throws once, after its last good packet, and is left out from then on:
  /// who wants the rest of the others calls again.
  public func next() throws(CaptureError) -> (packet: CapturedPacket, input: Int)? {
    while let input = unread.popLast() {
      heads[input] = nil
      heads[input] = try inputs[input].next()
    }
    var earliest: (packet: CapturedPacket, input: Int)?
    for (input, head) in heads.enumerated() {
      guard let head else { continue }
      if let best = earliest, best.packet.nanoseconds <= head.nanoseconds { continue }
      earliest = (head, input)
    }
    if let earliest { unread.append(earliest.input) }
    return earliest
  }
}
