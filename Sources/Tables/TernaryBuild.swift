// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// Reads one part of a key out of packets.
@frozen
@usableFromInline
struct TernaryField: BitwiseCopyable {
  @usableFromInline let part: FieldPart
  @usableFromInline let word: Int
  @usableFromInline let shift: UInt64
  /// The bit that says that the packet has the field; 0 where its layers say so.
  @usableFromInline let presence: UInt64
  @usableFromInline let presenceWord: Int
}

/// A bit of a key that says whether the packet has any of some headers.
@frozen
@usableFromInline
struct TernaryPresence: BitwiseCopyable {
  @usableFromInline let layers: UInt64
  @usableFromInline let word: Int
  @usableFromInline let shift: UInt64
}

/// Some bits of a key that are looked up at once.
@frozen
@usableFromInline
struct TernaryChunk: BitwiseCopyable {
  @usableFromInline let word: Int
  @usableFromInline let shift: UInt64
  @usableFromInline let mask: UInt64
  @usableFromInline let firstPlace: Int
  /// Where the row of the rules begins that ask for nothing of the chunk.
  @usableFromInline let background: Int
}

/// What a ternary table is made of, worked out from its rules.
struct TernaryBuild {
  let layout: TernaryLayout
  private(set) var fields: [TernaryField] = []
  private(set) var presences: [TernaryPresence] = []
  private(set) var chunks: [TernaryChunk] = []
  private(set) var places: [UInt32] = []
  private(set) var rows: [UInt64] = []
  let summary: Int
  var heading: Int { summary + (summary + 3) / 4 }
  let numbers: [UInt32]

  init(_ rules: [TernaryRule], memoryLimit: Int) throws(TableError) {
    // Equal numbers in any order: what is first among equals makes no difference.
    let sorted = rules.sorted { $0.number < $1.number }
    layout = try TernaryLayout(sorted)
    let splitter = TernaryBoxes(layout: layout)
    var numbered: [(tests: [ChunkTest], number: UInt32)] = []
    for rule in sorted {
      for tests in try splitter.boxes(of: rule) { numbered.append((tests, rule.number)) }
    }
    // What fits in one word needs no summary, and is best left in the order of precedence.
    if numbered.count > 64 { Self.bringTogether(&numbered) }
    let boxes = numbered.map(\.tests)
    numbers = numbered.map(\.number)
    let blocks = max((boxes.count + 63) / 64, 1)
    summary = blocks == 1 ? 0 : (blocks + 63) / 64
    addFields()
    addPresences()
    for number in layout.chunks.indices {
      try addChunk(number, boxes.map { $0[number] }, memoryLimit / 8)
    }
    // Rules that ask for nothing have no chunk, and match by the one row there is.
    if chunks.isEmpty {
      try addChunk(nil, boxes.map { _ in ChunkTest() }, memoryLimit / 8)
    }
  }

  /// Rules that ask for the same lie side by side then, so that a row's summary has few bits: what
  /// one packet matches is in few words (Baboescu and Varghese 2001, section 5.2).
  private static func bringTogether(_ boxes: inout [(tests: [ChunkTest], number: UInt32)]) {
    let chunks = boxes.first?.tests.indices ?? 0..<0
    let variety = chunks.map { chunk in Set(boxes.map { $0.tests[chunk] }).count }
    let order = chunks.sorted { (variety[$1], $0) < (variety[$0], $1) }
    let keys = boxes.map { box in order.map { box.tests[$0].sortKey } }
    let places = boxes.indices.sorted { first, second in
      keys[first].lexicographicallyPrecedes(keys[second])
        || keys[first] == keys[second] && first < second
    }
    boxes = places.map { boxes[$0] }
  }

  private mutating func addFields() {
    for place in layout.placeOrder {
      guard let slots = layout.places[place] else { continue }
      let own = layout.presences[.field(place)].map { ($0, layout.chunks[$0.chunk]) }
      let presence: UInt64 = own.map { 1 << UInt64($1.shift + $0.shift) } ?? 0
      let parts = place.parts
      for (part, slot) in [(parts.low, slots.low), (parts.high, slots.high)] {
        guard let part, let slot else { continue }
        let chunk = layout.chunks[slot.chunk]
        fields.append(
          TernaryField(
            part: part, word: chunk.word, shift: UInt64(chunk.shift + slot.shift),
            presence: presence, presenceWord: own?.1.word ?? 0))
      }
    }
  }

  private mutating func addPresences() {
    for presence in layout.presenceOrder {
      guard case .layers(let layers) = presence, let slot = layout.presences[presence] else {
        continue
      }
      let chunk = layout.chunks[slot.chunk]
      presences.append(
        TernaryPresence(
          layers: layers.rawValue, word: chunk.word, shift: UInt64(chunk.shift + slot.shift)))
    }
  }

  private mutating func addChunk(
    _ number: Int?, _ tests: [ChunkTest], _ limit: Int
  ) throws(TableError) {
    let width = number.map { layout.chunks[$0].width } ?? 0
    let open = tests.indices.filter { tests[$0].asksForNothing }
    var background = [UInt64](repeating: 0, count: max((tests.count + 63) / 64, 1))
    for box in open { background[box / 64] |= 1 << UInt64(box % 64) }
    chunks.append(
      TernaryChunk(
        word: number.map { layout.chunks[$0].word } ?? 0,
        shift: UInt64(number.map { layout.chunks[$0].shift } ?? 0), mask: (1 << UInt64(width)) - 1,
        firstPlace: places.count, background: rows.count))
    let writer = TernaryRow(summary: summary)
    if summary != 0 { rows += writer.summary(of: background) + background }
    var known: [UInt128: UInt32] = [:]
    var ranges = ChunkRows(tests, width: width)
    while let values = ranges.next() {
      let place = known[ranges.signature] ?? UInt32(rows.count)
      places.append(contentsOf: repeatElement(place, count: values.count))
      guard known.updateValue(place, forKey: ranges.signature) == nil else { continue }
      rows += summary == 0 ? [ranges.row[0] | background[0]] : writer.written(ranges.row)
      guard rows.count < limit else {
        throw TableError("\(tests.count) ternary rules take more than \(limit >> 17) MB")
      }
    }
    // A look-up may read one word past the last row.
    rows.append(0)
  }
}
