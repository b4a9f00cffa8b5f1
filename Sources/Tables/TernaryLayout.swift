// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Where what ternary rules ask for lies in the words of a key, which is looked up in chunks of up
/// to 16 bits. Fields wider than that begin with a chunk of their own.
struct TernaryLayout {
  /// What a packet has or has not, which is a bit of the key.
  enum Presence: Hashable {
    case layers(Layers)
    /// Of a field that not every packet with its layers has.
    case field(FieldPlace)
  }

  struct Chunk {
    let word: Int
    let shift: Int
    fileprivate(set) var width = 0
    /// Whether narrow fields may share it.
    fileprivate var isShared: Bool
  }

  /// Where `width` bits are: from `shift` on in the first chunk, and on in those after it.
  struct Slot {
    let chunk: Int
    let shift: Int
    let width: Int
  }

  private(set) var chunks: [Chunk] = []
  /// By place: the slots of its upper and its lower 64 bits.
  private(set) var places: [FieldPlace: (high: Slot?, low: Slot)] = [:]
  private(set) var presences: [Presence: Slot] = [:]
  /// In the order in which they were met, so that the same rules make the same table.
  private(set) var placeOrder: [FieldPlace] = []
  private(set) var presenceOrder: [Presence] = []
  private var usedChunks: [Int] = []

  /// How many words a key takes.
  var width: Int { usedChunks.count }

  static let chunkBits = 16
  /// Bits of narrow fields in one chunk: nearly every one of its values has a row of its own.
  static let sharedBits = 12
  static let greatestWidth = 16

  init(_ rules: [TernaryRule]) throws(TableError) {
    for rule in rules {
      for test in rule.tests { note(test) }
    }
    let wide = placeOrder.sorted { $0.width > $1.width }
    for place in wide {
      let parts = place.parts
      let high = parts.high.map { room(for: $0.width) }
      places[place] = (high, room(for: parts.low.width))
    }
    for presence in presenceOrder { presences[presence] = room(for: 1) }
    guard width <= Self.greatestWidth else {
      throw TableError("what the rules ask for takes \(width) words of 64 bits")
    }
  }

  private mutating func note(_ test: TernaryRule.Test) {
    if let place = test.place, places[place] == nil {
      places[place] = (nil, Slot(chunk: 0, shift: 0, width: 0))
      placeOrder.append(place)
    }
    let presence = Self.presence(of: test)
    if presences[presence] == nil {
      presences[presence] = Slot(chunk: 0, shift: 0, width: 0)
      presenceOrder.append(presence)
    }
  }

  /// What a packet must have for the test to be asked.
  static func presence(of test: TernaryRule.Test) -> Presence {
    switch test {
    case .present(let layers), .absent(let layers): .layers(layers)
    case .range(let place, _), .bits(let place, _, _):
      place.isWhereItsLayersAre ? .layers(place.layers) : .field(place)
    }
  }

  private mutating func room(for bits: Int) -> Slot {
    if let chunk = chunks.firstIndex(where: { $0.isShared && $0.width + bits <= Self.sharedBits }) {
      defer { chunks[chunk].width += bits }
      return Slot(chunk: chunk, shift: chunks[chunk].width, width: bits)
    }
    let count = (bits + Self.chunkBits - 1) / Self.chunkBits
    let word = usedChunks.firstIndex { $0 + count <= 4 } ?? usedChunks.count
    if word == usedChunks.count { usedChunks.append(0) }
    let first = chunks.count
    for chunk in 0..<count {
      let width = min(Self.chunkBits, bits - chunk * Self.chunkBits)
      let shift = (usedChunks[word] + chunk) * Self.chunkBits
      chunks.append(
        Chunk(word: word, shift: shift, width: width, isShared: bits <= Self.sharedBits))
    }
    usedChunks[word] += count
    return Slot(chunk: first, shift: 0, width: bits)
  }
}
