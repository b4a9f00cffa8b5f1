// SPDX-License-Identifier: BSD-3-Clause
import CYAML

/// One step of libyaml's walk through a document.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias, scalar, sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  var kind: Kind
  var start: YAMLMark
  var end: YAMLMark
  var text = ""
  var isPlain = false
  var isQuoted = false
  var hasAnchor = false
  var hasTag = false
}

/// A place as libyaml counts: from 0, columns in Unicode scalars.
struct YAMLMark {
  var line: Int
  var column: Int

  init(_ mark: yaml_mark_t) {
    line = Int(clamping: mark.line)
    column = Int(clamping: mark.column)
  }
}

/// What libyaml found wrong, in its own words.
struct YAMLProblem: Error {
  var message: String
  var place: YAMLMark
  var context: String
  var contextPlace: YAMLMark
}

/// libyaml's parser over a text in memory.
///
/// The parser keeps pointers into itself and into the text, so both live in allocations of their
/// own, which this owns.
struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ text: String) {
    input = .allocate(capacity: text.utf8.count)
    _ = input.initialize(fromContentsOf: text.utf8)
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    let isReady = yaml_parser_initialize(parser) == 1
    precondition(isReady, "out of memory")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deinitialize(count: 1).deallocate()
    input.deinitialize().deallocate()
  }

  func next() throws(YAMLProblem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    var result = YAMLEvent(
      kind: YAMLEvents.kind(of: event.type), start: YAMLMark(event.start_mark),
      end: YAMLMark(event.end_mark))
    switch result.kind {
    case .alias: result.hasAnchor = true
    case .scalar: YAMLEvents.fill(&result, from: event)
    case .sequenceStart:
      result.hasAnchor = event.data.sequence_start.anchor != nil
      result.hasTag = event.data.sequence_start.tag != nil
    case .mappingStart:
      result.hasAnchor = event.data.mapping_start.anchor != nil
      result.hasTag = event.data.mapping_start.tag != nil
    default: break
    }
    return result
  }

  private static func fill(_ result: inout YAMLEvent, from event: yaml_event_t) {
    let scalar = event.data.scalar
    result.text = String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    result.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
    result.isQuoted =
      scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE
      || scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE
    result.hasAnchor = scalar.anchor != nil
    result.hasTag = scalar.tag != nil
  }

  private static func kind(of type: yaml_event_type_t) -> YAMLEvent.Kind {
    switch type {
    case YAML_STREAM_START_EVENT: .streamStart
    case YAML_DOCUMENT_START_EVENT: .documentStart
    case YAML_DOCUMENT_END_EVENT: .documentEnd
    case YAML_ALIAS_EVENT: .alias
    case YAML_SCALAR_EVENT: .scalar
    case YAML_SEQUENCE_START_EVENT: .sequenceStart
    case YAML_SEQUENCE_END_EVENT: .sequenceEnd
    case YAML_MAPPING_START_EVENT: .mappingStart
    case YAML_MAPPING_END_EVENT: .mappingEnd
    default: .streamEnd
    }
  }

  private func problem() -> YAMLProblem {
    YAMLProblem(
      message: parser.pointee.problem.map { String(cString: $0) } ?? "out of memory",
      place: YAMLMark(parser.pointee.problem_mark),
      context: parser.pointee.context.map { String(cString: $0) } ?? "",
      contextPlace: YAMLMark(parser.pointee.context_mark))
  }
}
