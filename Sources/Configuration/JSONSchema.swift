// SPDX-License-Identifier: BSD-3-Clause
public import Presentation
import Settings
import Wire

/// The JSON Schema (draft 2020-12) of pipeline files, by which editors complete and check them.
///
/// It knows keys, kinds and units, but nothing of what lies between values: `sluice check` has the
/// last word.
public enum JSONSchema {
  public static func schema(for catalog: FileCatalog) -> JSON {
    let sections: [(key: String, value: JSON)] = [
      ("sluice", ["const": 1, "description": "The version of the file format"]),
      ("parameters", parameters), ("include", include),
      ("ports", ports(catalog)), ("shared", shared), ("pipelines", ["$ref": "#/$defs/pipelines"]),
    ]
    return .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "Sluice pipeline file"), ("type", "object"), ("required", ["sluice"]),
      ("additionalProperties", false),
      ("properties", .object(sections + properties(catalog.engineSettings))),
      (
        "$defs",
        .object(
          [("pipelines", pipelines), ("assignments", assignments)] + stageDefinitions(catalog))
      ),
    ])
  }

  private static let parameters: JSON = [
    "description": "Values that --set can replace, used as ${name}",
    "type": ["object", "null"],
    "additionalProperties": [
      "anyOf": [
        scalar,
        [
          "type": "object", "additionalProperties": false,
          "properties": ["default": scalar, "help": scalar],
        ],
      ]
    ],
  ]

  private static let assignments = JSON.object([
    ("type", "object"), ("additionalProperties", false),
    (
      "properties",
      .object(
        FieldTable.writable.map { field in
          let summary: (key: String, value: JSON) = ("description", .string(field.summary))
          return (field.name, .object(KindSchema.members(of: .field(field)) + [summary]))
        })
    ),
  ])

  private static let include: JSON = [
    "description": "Other files whose ports, pipelines and parameters become part of this one",
    "type": "array", "items": ["type": "string"],
  ]

  private static let scalar: JSON = ["type": ["string", "number", "boolean", "null"]]

  private static func ports(_ catalog: FileCatalog) -> JSON {
    let device: JSON = ["type": "string", "description": "The device behind the port"]
    let settings = object(catalog.portSettings, adding: [("device", device)], required: ["device"])
    return [
      "description": "Where packets come from and go to",
      "type": ["object", "null"],
      "additionalProperties": ["anyOf": [["type": "string"], settings]],
    ]
  }

  private static let shared: JSON = [
    "description": "Stages of which several pipelines use the same one, as '- use: NAME'",
    "type": ["object", "null"],
    "additionalProperties": ["$ref": "#/$defs/stage"],
  ]

  private static let pipelines: JSON = [
    "description": "Lists of stages that packets go down",
    "type": ["object", "null"],
    "additionalProperties": [
      "type": "object", "additionalProperties": false, "required": ["stages"],
      "properties": [
        "input": [
          "description": "The port or ports whose packets come here",
          "anyOf": [
            ["type": "string"], ["type": "array", "items": ["type": "string"], "minItems": 1],
          ],
        ],
        "stages": ["type": "array", "minItems": 1, "items": ["$ref": "#/$defs/stage"]],
      ],
    ],
  ]

  private static func stageDefinitions(
    _ catalog: FileCatalog
  ) -> [(key: String, value: JSON)] {
    let bare = catalog.stages.filter { !$0.settings.contains { $0.presence == .required } }
    let names = catalog.stages.map(\.name)
    let beside: [(key: String, value: JSON)] = [
      ("when", ["type": "string", "description": "Only packets that meet this condition"]),
      ("id", ["type": ["string", "number"], "description": "What reports call this stage"]),
    ]
    let use: (key: String, value: JSON) = (
      PipelineFileReader.use, ["type": "string", "description": "A stage of 'shared'"]
    )
    let item: JSON = .object([
      ("type", "object"), ("additionalProperties", false),
      ("oneOf", .array((names + [use.key]).map { ["required": [.string($0)]] })),
      (
        "properties",
        .object(names.map { ($0, ["$ref": .string("#/$defs/stage-\($0)")]) } + [use] + beside)
      ),
    ])
    let stage: JSON = ["anyOf": [["enum": .array(bare.map { .string($0.name) })], item]]
    return [("stage", stage)] + catalog.stages.map { ("stage-" + $0.name, value(of: $0)) }
  }

  /// What may stand behind a stage's name.
  private static func value(of stage: StageDescription) -> JSON {
    let id: JSON = ["type": ["string", "number"], "description": "What reports call this stage"]
    var forms = [object(stage.settings, adding: [("id", id)])]
    if !stage.settings.contains(where: { $0.presence == .required }) {
      forms.append(["type": "null"])
    }
    if let setting = stage.settings.first(where: { $0.name == stage.shorthand }) {
      forms.append(.object(KindSchema.members(of: setting.kind)))
    }
    return ["description": .string(stage.summary), "anyOf": .array(forms)]
  }

  static func object(
    _ settings: [any SettingDeclaration], adding others: [(key: String, value: JSON)] = [],
    required names: [String] = []
  ) -> JSON {
    let required = names + settings.filter { $0.presence == .required }.map(\.name)
    let own = properties(settings)
    let extra = others.filter { other in !own.contains { $0.key == other.key } }
    return .object([
      ("type", "object"), ("additionalProperties", false),
      ("required", .array(required.map { .string($0) })),
      ("properties", .object(extra + own)),
    ])
  }

  private static func properties(
    _ settings: [any SettingDeclaration]
  ) -> [(key: String, value: JSON)] {
    settings.map { setting in
      var members = KindSchema.members(of: setting.kind)
      members.append(("description", .string(setting.help)))
      if case .defaultValue(let text) = setting.presence {
        members.append(("default", KindSchema.value(text, of: setting.kind)))
      }
      return (setting.name, .object(members))
    }
  }
}
