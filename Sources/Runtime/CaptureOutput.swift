// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Capture
import Pipeline

/// An output that writes packets to a capture file, each with what became of it as a comment.
final class CaptureOutput: Output {
  private let writer: CaptureWriter
  /// What the comment says of a verdict.
  private let describe: (Verdict) -> String
  private var comments: [UInt32: CommentID] = [:]
  private var order: [Int] = []
  private let scratch = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CaptureWriter.longestPacket, alignment: 16)
  /// Packets that are in the file, and their lengths on the wire together.
  var inFile: (packets: UInt64, wireBytes: UInt64) { writer.inFile }
  /// The first error; nothing is written after it.
  private(set) var failure: CaptureError?

  init(path: String, describe: @escaping (Verdict) -> String) throws(CaptureError) {
    writer = try CaptureWriter(path: path)
    self.describe = describe
  }

  deinit { scratch.deallocate() }

  /// Writes the packets in order and gives them back to the pool.
  override func send(_ batch: OutputBatch) -> Int {
    write(batch)
    cdpdk_free(batch.packets, UInt32(batch.count))
    return batch.count
  }

  /// Writes the packets in order; the caller keeps them.
  func write(_ batch: OutputBatch) {
    guard failure == nil else { return }
    arrange(batch)
    do throws(CaptureError) {
      for index in order { try write(index, of: batch) }
    } catch {
      failure = error
    }
  }

  /// Puts what stages made between the burst's own packets by time. Those keep the order in which
  /// they came, even where their times run backwards.
  private func arrange(_ batch: OutputBatch) {
    let made = (batch.ownCount..<batch.count)
      .sorted { (batch.nanoseconds[$0], $0) < (batch.nanoseconds[$1], $1) }
    order.removeAll(keepingCapacity: true)
    var next = 0
    for own in 0..<batch.ownCount {
      while next < made.count, batch.nanoseconds[made[next]] < batch.nanoseconds[own] {
        order.append(made[next])
        next += 1
      }
      order.append(own)
    }
    order.append(contentsOf: made[next...])
  }

  private func write(_ index: Int, of batch: OutputBatch) throws(CaptureError) {
    let packet = batch.packets[index]
    let length = min(Int(packet.pointee.packet_length), scratch.count)
    var bytes = UnsafeRawBufferPointer(start: packet.bytes, count: length)
    if packet.pointee.segment_count > 1, let start = scratch.baseAddress {
      guard cdpdk_read(packet, 0, UInt32(length), start) else { return }
      bytes = UnsafeRawBufferPointer(start: start, count: length)
    }
    try writer.write(
      bytes, nanoseconds: batch.nanoseconds[index], originalLength: batch.wireLengths[index],
      linkType: batch.link, comment: comment(for: batch.verdicts[index]))
  }

  private func comment(for verdict: Verdict) -> CommentID {
    let key = UInt32(verdict.stage) << 16 | UInt32(verdict.reason.index)
    if let known = comments[key] { return known }
    let comment = writer.comment(describe(verdict))
    comments[key] = comment
    return comment
  }

  /// Completes the file; returns what went wrong with it at any time.
  func finish() -> CaptureError? {
    do throws(CaptureError) {
      if let failure {
        // What came before it is as good as ever.
        try writer.flush()
        return failure
      }
      try writer.finish()
      return nil
    } catch {
      return failure ?? error
    }
  }
}

/// An output for packets that nobody asked to keep.
final class DiscardOutput: Output {
  override func send(_ batch: OutputBatch) -> Int {
    cdpdk_free(batch.packets, UInt32(batch.count))
    return batch.count
  }
}

/// Shows dropped packets to a capture file; the burst that drops them frees them itself.
final class DropRecord: Output {
  let output: CaptureOutput

  init(_ output: CaptureOutput) { self.output = output }

  override func send(_ batch: OutputBatch) -> Int {
    output.write(batch)
    return batch.count
  }
}
