// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Wire

/// Looks into captures: shows their packets, or counts them.
public struct Inspection {
  /// How packets are shown.
  public enum Form: Sendable {
    /// A line each.
    case lines
    /// All headers with all their fields.
    case details
    /// These values of each packet, in columns.
    case values(FieldChoice)
    case tabs(FieldChoice)
    case json(FieldChoice)
  }

  /// How an inspection went.
  public struct Outcome: Sendable {
    /// What could not be read, and why.
    public var problems: [String]
    public var notes: [String]
  }

  let options: InspectionOptions
  let host: InspectionHost

  public init(_ options: InspectionOptions, _ host: InspectionHost) {
    self.options = options
    self.host = host
  }

  /// Shows packets in the order of their times.
  public func show(as form: Form, time: TimeStyle) -> Outcome {
    let output = TextOutput(host.write)
    let printer = Self.printer(form, time)
    printer.begin(in: output)
    // Who waits for packets from a pipe shall see those that came.
    var feed = PacketFeed(
      options, merging: true, checkingICRC: options.icrc != .never, host: host
    ) {
      printer.flush(into: output)
      output.flush()
    }
    var batch = PacketBatch()
    var previous: UInt64?
    while !output.isClosed, feed.next(&batch) {
      var bits = batch.selected
      while bits != 0 {
        let packet = packet(bits.trailingZeroBitCount, of: batch, feed, after: previous)
        printer.show(packet, in: output)
        previous = packet.time.nanoseconds
        bits &= bits - 1
      }
    }
    printer.flush(into: output)
    output.flush()
    return Outcome(problems: feed.captures.problems, notes: feed.captures.notes)
  }

  private func packet(
    _ index: Int, of batch: borrowing PacketBatch, _ feed: borrowing PacketFeed,
    after previous: UInt64?
  ) -> ShownPacket {
    let nanoseconds = batch.captured[index].nanoseconds
    return ShownPacket(
      number: batch.firstNumber + UInt64(index), file: options.files[batch.file],
      time: PacketTime(
        nanoseconds: nanoseconds, start: feed.start ?? nanoseconds,
        previous: previous ?? nanoseconds),
      source: SinglePacket(
        headers: batch.headers(index), bytes: batch.bytes(index),
        wireLength: batch.wireLength(index), capturedLength: batch.capturedLength(index)))
  }

  private static func printer(_ form: Form, _ time: TimeStyle) -> any PacketPrinter {
    switch form {
    case .lines: LinePrinter(time: time)
    case .details: DetailPrinter(time: time)
    case .values(let choice): ValuePrinter(choice, time: time)
    case .tabs(let choice): TSVPrinter(choice, time: time)
    case .json(let choice): JSONPrinter(choice, time: time)
    }
  }
}

extension CaptureFiles {
  var problems: [String] { files.compactMap(\.problem) }

  var notes: [String] {
    files.flatMap { file in
      file.skipped.sorted { $0.key < $1.key }
        .map { "\(file.path): \($1) records skipped: \($0)" }
    }
  }
}
