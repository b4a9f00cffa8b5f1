// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Settings

/// The part of a JSON Schema that says what one kind of setting may be.
enum KindSchema {
  /// A text in which a parameter stands may be anything.
  private static let parameter: JSON = ["type": "string", "pattern": "\\$\\{"]

  static func members(of kind: SettingKind) -> [(key: String, value: JSON)] {
    switch kind {
    case .boolean: either(["type": "boolean"])
    case .integer(let range): either(integer(range))
    case .quantity(let quantity, _): either(pattern(pattern(of: quantity)))
    case .choice(let names): either(["enum": .array(names.map { .string($0) })])
    case .text, .path: [("type", ["string", "number", "boolean"])]
    case .identifier, .port, .pipeline:
      [("type", ["string", "number", "boolean"]), ("pattern", "^[A-Za-z0-9._-]+$|\\$\\{")]
    case .macAddress: either(pattern("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$"))
    case .ipv4Address: either(["type": "string", "format": "ipv4"])
    case .ipv6Address: either(["type": "string", "format": "ipv6"])
    case .ipAddress: either(pattern("^[0-9A-Fa-f:.]+$"))
    case .ipPrefix: either(pattern("^[0-9A-Fa-f:.]+/[0-9]{1,3}$"))
    case .expression: [("type", ["string", "boolean"])]
    case .field: [("type", ["string", "number", "boolean"])]
    case .list(.record(let declarations)): list(of: JSONSchema.object(declarations))
    case .list(let element):
      either(["type": "array", "items": .object(members(of: element))])
    case .record(let declarations): [("anyOf", [JSONSchema.object(declarations)])]
    case .assignments: [("$ref", "#/$defs/assignments")]
    }
  }

  /// Mappings, any of which may stand in other files.
  private static func list(of mapping: JSON) -> [(key: String, value: JSON)] {
    let file: JSON = [
      "type": "object", "additionalProperties": false, "required": ["file"],
      "properties": ["file": ["type": "string", "description": "A file with items, YAML or CSV"]],
    ]
    let items: JSON = ["anyOf": [mapping, file]]
    return [("anyOf", [["type": "array", "items": items], file, parameter])]
  }

  /// A default, in the JSON type that the schema asks for.
  static func value(_ text: String, of kind: SettingKind) -> JSON {
    switch kind {
    case .boolean: .boolean(text == "true")
    case .integer: Int(text).map { .integer($0) } ?? .string(text)
    case .list where text == "[]": []
    case .record where text == "{}": [:]
    default: .string(text)
    }
  }

  private static func either(_ schema: JSON) -> [(key: String, value: JSON)] {
    [("anyOf", [schema, parameter])]
  }

  private static func integer(_ range: ClosedRange<Int>) -> JSON {
    .object(present: [
      ("type", "integer"),
      ("minimum", range.lowerBound == .min ? nil : .integer(range.lowerBound)),
      ("maximum", range.upperBound == .max ? nil : .integer(range.upperBound)),
    ])
  }

  private static func pattern(_ text: String) -> JSON {
    ["type": "string", "pattern": .string(text)]
  }

  private static func pattern(of quantity: Quantity) -> String {
    "^-?[0-9]+(\\.[0-9]+)?(\(quantity.units.map(\.name).joined(separator: "|")))$"
  }
}
