// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings

/// Sends packets down another pipeline.
public struct Jump: Stage, ~Copyable {
  public static var name: String { "jump" }
  public static var summary: String {
    "Sends packets down another pipeline, from its first stage; they do not come back."
  }
  public static var settings: [any SettingDeclaration] { [pipeline] }
  public static var shorthand: String? { pipeline.name }
  public static var headers: HeaderUse { .ignores }
  public static var isFinal: Bool { true }
  public static var example: String {
    """
    - jump: control
      when: arp or icmp
    """
  }

  static let pipeline: Setting<String> = .pipeline("pipeline", "The pipeline to go on in")

  private let pipeline: PipelineIndex

  public init(_ settings: SettingValues, _ context: StageContext) {
    pipeline = context.pipeline(settings[Self.pipeline])
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    burst.jump(selection, to: pipeline)
  }
}
