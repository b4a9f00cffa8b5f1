// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Reads the chosen values out of packets.
struct ValueReader {
  /// A value as the formats need it.
  enum Value {
    case number(UInt64)
    case boolean(Bool)
    case text(String)
    case list([String])
  }

  fileprivate enum Source {
    case number, time, file, layers
    case field(ReadyField)
  }

  let names: [String]
  private let sources: [Source]
  private let time: TimeStyle
  /// The places of what packets with the same headers have.
  private var present = LayerMemory<[Int]>()

  init(_ choice: FieldChoice, time: TimeStyle) {
    self.time = time
    names = choice.items.map(\.name)
    sources = choice.items.map { _, item in
      switch item {
      case .number: .number
      case .time: .time
      case .file: .file
      case .layers: .layers
      case .field(let field): .field(ReadyField(field))
      }
    }
  }

  /// In the order in which they were chosen; nil for what the packet does not have.
  func values(_ packet: ShownPacket) -> [Value?] { sources.map { $0.value(packet, time) } }

  /// Calls `body` for each value that the packet has, with its place among the chosen ones.
  mutating func forEach(_ packet: ShownPacket, _ body: (Int, Value) -> Void) {
    let (sources, time) = (sources, time)
    let places = present.recall(packet.layers) {
      sources.indices.filter { sources[$0].value(packet, time) != nil }
    }
    for place in places {
      if let value = sources[place].value(packet, time) { body(place, value) }
    }
  }
}

extension ValueReader.Source {
  fileprivate func value(_ packet: ShownPacket, _ time: TimeStyle) -> ValueReader.Value? {
    switch self {
    case .number: .number(packet.number)
    case .time: .text(packet.time.text(time))
    case .file: .text(packet.file)
    case .layers: .list(LayerWords.names(of: packet.layers))
    case .field(let field):
      field.reader.value(in: packet.source, at: 0).map { Self.value($0, of: field.field) }
    }
  }

  /// Plain numbers and booleans stay what they are; all others are as people write them, which is
  /// also how filters take them.
  private static func value(_ value: FieldValue, of field: Field) -> ValueReader.Value {
    switch (field.kind, value) {
    case (.number, .number(let number)): .number(number)
    case (.boolean, .number(let number)): .boolean(number != 0)
    default: .text(field.text(of: value))
    }
  }
}
