// SPDX-License-Identifier: BSD-3-Clause

/// Shows packets one after the other.
protocol PacketPrinter: AnyObject {
  /// What comes before the first packet.
  func begin(in output: TextOutput)
  func show(_ packet: ShownPacket, in output: TextOutput)
  /// Shows what was kept back.
  func flush(into output: TextOutput)
}

extension PacketPrinter {
  func begin(in output: TextOutput) {}
  func flush(into output: TextOutput) {}
}

/// Text on its way out, in large pieces.
final class TextOutput {
  private let write: ([UInt8]) -> Bool
  private var bytes: [UInt8] = []
  /// Whether nobody reads it any more.
  private(set) var isClosed = false

  private static let most = 1 << 16

  init(_ write: @escaping ([UInt8]) -> Bool) { self.write = write }

  func add(_ text: [UInt8]) {
    bytes += text
    if bytes.count >= Self.most { flush() }
  }

  /// Adds a text and a line's end.
  func add(line: String) {
    bytes += line.utf8
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.most { flush() }
  }

  func flush() {
    if !bytes.isEmpty, !isClosed { isClosed = !write(bytes) }
    bytes.removeAll(keepingCapacity: true)
  }
}
