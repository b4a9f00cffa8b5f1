// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// The words of the field table for the headers of a packet, in their order.
enum LayerWords {
  private struct Word {
    let name: String
    /// The headers that no narrower word names.
    let layers: Layers
  }

  /// One word for each header: the narrowest, and of two the first in the table.
  private static let all: [Word] = {
    var rest = Layers(rawValue: .max).subtracting(.marks)
    var words: [Int: Word] = [:]
    let narrowestFirst = FieldTable.protocols.enumerated().sorted {
      ($0.element.layers.rawValue.nonzeroBitCount, $0.offset)
        < ($1.element.layers.rawValue.nonzeroBitCount, $1.offset)
    }
    for (place, word) in narrowestFirst where !rest.isDisjoint(with: word.layers) {
      words[place] = Word(name: word.name, layers: rest.intersection(word.layers))
      rest.subtract(word.layers)
    }
    return words.sorted { $0.key < $1.key }.map(\.value)
  }()

  static func names(of layers: Layers) -> [String] {
    all.lazy.filter { !layers.isDisjoint(with: $0.layers) }.map(\.name)
  }

  /// The innermost header that says what the packet is; nil where there is none.
  static func innermost(of layers: Layers) -> String? {
    let headers = layers.subtracting([.fragment, .innerFragment, .sourceRouted])
    return all.last { !headers.isDisjoint(with: $0.layers) }?.name
  }
}

extension Layers {
  /// What an opcode and the kind of an answer say already.
  static let behindBTH: Layers = [
    .rdeth, .deth, .xrceth, .feth, .reth, .atomicETH, .aeth, .atomicAckETH, .immDt, .ieth, .ack,
    .nak, .rnrNAK, .cmRequest, .cmReply, .cmReject, .cmDisconnect,
  ]
}
