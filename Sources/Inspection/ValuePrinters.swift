// SPDX-License-Identifier: BSD-3-Clause
import Presentation

/// Shows the chosen values of each packet as one object on a line.
final class JSONPrinter: PacketPrinter {
  private var reader: ValueReader
  /// By place: the name as a key.
  private let keys: [[UInt8]]
  private var line: [UInt8] = []

  init(_ choice: FieldChoice, time: TimeStyle) {
    reader = ValueReader(choice, time: time)
    keys = reader.names.map { Array("\(JSON.string($0)):".utf8) }
  }

  func show(_ packet: ShownPacket, in output: TextOutput) {
    line.append(UInt8(ascii: "{"))
    reader.forEach(packet) { place, value in
      if line.count > 1 { line.append(UInt8(ascii: ",")) }
      line += keys[place]
      add(value)
    }
    line += "}\n".utf8
    output.add(line)
    line.removeAll(keepingCapacity: true)
  }

  private func add(_ value: ValueReader.Value) {
    switch value {
    case .number(let number): line += String(number).utf8
    case .boolean(let value): line += (value ? "true" : "false").utf8
    case .text(let text): add(text)
    case .list(let words):
      for (place, word) in words.enumerated() {
        line.append(UInt8(ascii: place == 0 ? "[" : ","))
        add(word)
      }
      line += (words.isEmpty ? "[]" : "]").utf8
    }
  }

  /// Values of fields need no escapes; names of files may.
  private func add(_ text: String) {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
    guard isPlain else {
      line += JSON.string(text).text(pretty: false).utf8
      return
    }
    line.append(UInt8(ascii: "\""))
    line += text.utf8
    line.append(UInt8(ascii: "\""))
  }
}

extension ValueReader.Value {
  /// On one line, without tabs.
  var text: String {
    switch self {
    case .number(let number): String(number)
    case .boolean(let value): value ? "true" : "false"
    case .text(let text):
      text.contains { $0.isNewline || $0 == "\t" } ? "\(text.debugDescription)" : text
    case .list(let words): words.joined(separator: ":")
    }
  }
}

/// Shows the chosen values with tabs between them, under a line of their names.
final class TSVPrinter: PacketPrinter {
  private let reader: ValueReader

  init(_ choice: FieldChoice, time: TimeStyle) { reader = ValueReader(choice, time: time) }

  func begin(in output: TextOutput) { output.add(line: reader.names.joined(separator: "\t")) }

  func show(_ packet: ShownPacket, in output: TextOutput) {
    output.add(line: reader.values(packet).map { $0?.text ?? "" }.joined(separator: "\t"))
  }
}

/// Shows the chosen values in columns, under a line of their names.
final class ValuePrinter: PacketPrinter {
  private let reader: ValueReader
  private var columns: GrowingColumns

  init(_ choice: FieldChoice, time: TimeStyle) {
    reader = ValueReader(choice, time: time)
    columns = GrowingColumns(reader.names.map { _ in .init() })
    _ = columns.add(reader.names)
  }

  func show(_ packet: ShownPacket, in output: TextOutput) {
    if columns.add(reader.values(packet).map { $0?.text ?? "-" }) { flush(into: output) }
  }

  func flush(into output: TextOutput) { output.add(columns.takeLines()) }
}
