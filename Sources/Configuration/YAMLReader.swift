// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Reads the one YAML document of a text into a tree, within bounds that no honest file meets.
struct YAMLReader: ~Copyable {
  static let deepest = 64
  static let mostNodes = 1_000_000

  private let beginning: String
  private let source: SourceText
  private let log: DiagnosticLog
  private let events: YAMLEvents
  private var nodeCount = 0

  /// The document, or nil after a complaint that leaves nothing to work with.
  /// `beginning` is what to write into an empty file.
  static func read(
    _ source: SourceText, _ log: DiagnosticLog, beginning: String = "'sluice: 1'"
  ) -> YAMLNode? {
    var reader = YAMLReader(source, log, beginning)
    do throws(Abandoned) {
      return try reader.document()
    } catch {
      log.add(error.diagnostic)
      return nil
    }
  }

  private init(_ source: SourceText, _ log: DiagnosticLog, _ beginning: String) {
    self.beginning = beginning
    self.source = source
    self.log = log
    events = YAMLEvents(source.text)
  }

  /// The error after which the rest of the text cannot be understood.
  struct Abandoned: Error {
    let diagnostic: Diagnostic
  }

  private mutating func document() throws(Abandoned) -> YAMLNode {
    _ = try next()
    guard try next().kind == .documentStart else {
      let start = SourceLocation(source: source, line: 1, column: 1, length: 1)
      throw abandon(at: start, "the file is empty", fix: "begin the file with \(beginning)")
    }
    let root = try node(try next(), depth: 0)
    _ = try next()
    let end = try next()
    if end.kind == .documentStart {
      throw abandon(
        at: location(end), "a second document begins here",
        fix: "remove the '---' line: a file holds one document")
    }
    return root
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(Abandoned) -> YAMLNode {
    nodeCount += 1
    try refuseExtras(event)
    guard depth < YAMLReader.deepest else {
      throw abandon(at: location(event), "nested deeper than \(YAMLReader.deepest) levels")
    }
    guard nodeCount <= YAMLReader.mostNodes else {
      throw abandon(at: location(event), "more than \(YAMLReader.mostNodes) values in one file")
    }
    switch event.kind {
    case .sequenceStart:
      return YAMLNode(
        content: .sequence(try sequence(depth: depth + 1)), location: location(event))
    case .mappingStart:
      return YAMLNode(
        content: .mapping(try mapping(depth: depth + 1)), location: location(event))
    default:
      guard !event.text.utf8.contains(0) else {
        throw abandon(
          at: location(event), "a text cannot hold the character NUL", fix: "remove '\\0'")
      }
      return YAMLNode(content: .scalar(scalar(event)), location: location(event))
    }
  }

  private mutating func sequence(depth: Int) throws(Abandoned) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if event.kind == .sequenceEnd { return items }
      items.append(try node(event, depth: depth))
    }
  }

  private mutating func mapping(depth: Int) throws(Abandoned) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var places: [String: SourceLocation] = [:]
    while true {
      let event = try next()
      if event.kind == .mappingEnd { return entries }
      let key = try node(event, depth: depth)
      guard case .scalar(let name) = key.content else {
        throw abandon(at: key.location, "expected a key, found \(key.noun)")
      }
      var value = try node(try next(), depth: depth)
      if value.isAbsent { value.location = key.location }
      if let first = places[name.text] {
        log.error(
          at: key.location, "'\(name.text.shortened)' is given twice",
          note: .init("first given here", at: first))
      } else {
        places[name.text] = key.location
        entries.append(YAMLEntry(key: name.text, keyLocation: key.location, value: value))
      }
    }
  }

  private func scalar(_ event: YAMLEvent) -> YAMLScalar {
    let quotes = event.isQuoted ? 2 : 0
    let isOneLine = event.start.line == event.end.line
    let width = event.end.column - event.start.column - quotes
    let isVerbatim =
      isOneLine && (event.isPlain || event.isQuoted) && width == event.text.unicodeScalars.count
    return YAMLScalar(text: event.text, isPlain: event.isPlain, isVerbatim: isVerbatim)
  }

  /// Anchors are refused because what an alias repeats has two places, and no bound.
  private func refuseExtras(_ event: YAMLEvent) throws(Abandoned) {
    if event.hasAnchor {
      let name = event.kind == .alias ? "an alias ('*name')" : "an anchor ('&name')"
      throw abandon(
        at: location(event), "\(name) is not allowed in a pipeline file",
        fix: "quote the text if it is one; to repeat a value use a parameter: ${name}")
    }
    if event.hasTag {
      throw abandon(
        at: location(event), "a tag ('!name') is not allowed in a pipeline file",
        fix: "quote the text if it is one")
    }
  }

  private func next() throws(Abandoned) -> YAMLEvent {
    do throws(YAMLProblem) {
      return try events.next()
    } catch {
      throw Abandoned(diagnostic: YAMLComplaint(problem: error, source: source).diagnostic)
    }
  }

  private func abandon(
    at location: SourceLocation, _ message: String, fix: String? = nil
  ) -> Abandoned {
    Abandoned(diagnostic: Diagnostic(.error, at: location, message, fix: fix))
  }

  /// The whole of a one-line scalar; of anything else its first character.
  private func location(_ event: YAMLEvent) -> SourceLocation {
    let isOneLine = event.kind == .scalar && event.start.line == event.end.line
    let length = isOneLine ? event.end.column - event.start.column : 1
    return source.location(of: event.start, length: max(1, length))
  }
}

extension SourceText {
  /// Where libyaml's mark is. It counts a line break behind the last line even where there is none.
  func location(of mark: YAMLMark, length: Int = 1) -> SourceLocation {
    let line = min(mark.line + 1, lineCount)
    return SourceLocation(source: self, line: line, column: mark.column + 1, length: length)
  }
}
