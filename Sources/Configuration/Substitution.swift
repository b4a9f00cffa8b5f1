// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Puts the values of parameters in the place of `${name}`; `$${` stands for a plain `${`.
struct Substitution {
  /// Bounds what a file can grow to.
  static let mostBytes = 16 << 20

  let parameters: Parameters
  /// Whether all declarations could be read, so that what is not declared is wrong.
  let areAllKnown: Bool
  let log: DiagnosticLog
  private var bytesLeft = Substitution.mostBytes
  /// The names that stood somewhere.
  private(set) var used: Set<String> = []

  init(_ parameters: Parameters, areAllKnown: Bool, _ log: DiagnosticLog) {
    self.parameters = parameters
    self.areAllKnown = areAllKnown
    self.log = log
  }

  mutating func apply(to node: YAMLNode) -> YAMLNode {
    var result = node
    switch node.content {
    case .scalar(let scalar):
      guard scalar.text.utf8.contains(UInt8(ascii: "$")), scalar.text.contains("${") else {
        return node
      }
      result.content = substituted(scalar, in: node).map { .scalar($0) } ?? .unreadable
    case .sequence(let items):
      result.content = .sequence(items.map { apply(to: $0) })
    case .mapping(let entries):
      result.content = .mapping(
        entries.map { entry in
          var entry = entry
          entry.value = apply(to: entry.value)
          return entry
        })
    case .unreadable: break
    }
    return result
  }

  /// Nil after a complaint.
  private mutating func substituted(_ scalar: YAMLScalar, in node: YAMLNode) -> YAMLScalar? {
    var output = PiecewiseText(startingAt: node.location.column + (scalar.isPlain ? 0 : 1))
    var isWhole = true
    var rest = Substring(scalar.text)
    while let dollar = rest.firstRange(of: "${") {
      let isEscaped = rest[..<dollar.lowerBound].last == "$"
      if isEscaped {
        output.copy(rest[..<dollar.lowerBound].dropLast())
        output.replace("$${", by: "${", from: nil)
        rest = rest[dollar.upperBound...]
        continue
      }
      output.copy(rest[..<dollar.lowerBound])
      let name = rest[dollar.upperBound...].prefix { $0 != "}" }
      let reference = rest[dollar.lowerBound..<name.endIndex] + "}"
      let offset = scalar.text.distance(from: scalar.text.startIndex, to: dollar.lowerBound)
      let place = node.location(ofCharacters: offset, length: reference.count)
      guard name.endIndex < rest.endIndex else {
        log.error(at: place, "'${' is never closed", fix: "write ${name}, or $${ for a plain ${")
        return nil
      }
      if let value = value(of: String(name), at: place) {
        output.replace(reference, by: value.text, from: value.origin)
      } else {
        isWhole = false
      }
      rest = rest[name.endIndex...].dropFirst()
    }
    output.copy(rest)
    return isWhole ? output.scalar(in: scalar) : nil
  }

  private mutating func value(
    of name: String, at place: SourceLocation
  ) -> Parameters.Value? {
    used.insert(name)
    guard parameters.isDeclared(name) else {
      guard areAllKnown else { return nil }
      let names = parameters.declarations.map(\.name)
      log.error(
        at: place, "no parameter '\(name.shortened)' is declared",
        fix: DiagnosticLog.proposal(for: name, among: names, kind: "parameters")
          + "; declare it under 'parameters:'")
      return nil
    }
    guard let value = parameters.value(of: name) else { return nil }
    bytesLeft -= value.text.utf8.count
    if bytesLeft >= 0 { return value }
    log.error(
      at: place, "the parameters' values add up to more than \(Substitution.mostBytes >> 20) MiB")
    return nil
  }
}

/// A text put together from copied and replaced stretches, which remembers their columns.
private struct PiecewiseText {
  private var text = ""
  private var length = 0
  private var column: Int
  private var pieces: [YAMLScalar.Piece] = []

  init(startingAt column: Int) {
    self.column = column
  }

  mutating func copy(_ part: Substring) {
    guard !part.isEmpty else { return }
    append(part, width: part.unicodeScalars.count, from: nil)
  }

  mutating func replace(
    _ written: some StringProtocol, by value: String, from origin: Diagnostic.Note?
  ) {
    append(Substring(value), width: written.unicodeScalars.count, from: origin)
  }

  private mutating func append(_ part: Substring, width: Int, from origin: Diagnostic.Note?) {
    pieces.append(.init(start: length, column: column, length: width, origin: origin))
    text += part
    length += part.unicodeScalars.count
    column += width
  }

  /// Without columns when the source does not have the text letter for letter.
  func scalar(in original: YAMLScalar) -> YAMLScalar {
    var result = original
    result.text = text
    result.isPlain = original.isPlain && !text.isEmpty
    result.isVerbatim = false
    result.pieces = original.isVerbatim ? pieces : []
    return result
  }
}
