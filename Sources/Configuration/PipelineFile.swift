// SPDX-License-Identifier: BSD-3-Clause
public import Settings
public import Wire

/// A pipeline file that was read, with the files it includes, and found to be right.
public struct PipelineFile: Sendable {
  /// The first line of the file that was asked for.
  public var location: SourceLocation
  public var engine: SettingValues
  public var ports: [PortSection]
  public var pipelines: [PipelineSection]
}

/// An entry of `ports:`.
public struct PortSection: Sendable {
  public var name: String
  /// As written: `pcap:in.pcap`, `null:`.
  public var device: String
  public var deviceLocation: SourceLocation
  public var settings: SettingValues
  public var location: SourceLocation
}

/// An entry of `pipelines:`.
public struct PipelineSection: Sendable {
  public var name: String
  /// The ports whose packets come here; empty where only a jump leads here.
  public var inputs: [(port: String, location: SourceLocation)]
  public var stages: [StageSection]
  public var location: SourceLocation
  /// Whether every stage could be read, so that what is not there is really missing.
  var isComplete = true
}

/// An item of a pipeline's `stages:`.
public struct StageSection: Sendable {
  /// What the file calls this stage, for reports and for other sections.
  public var id: String?
  public var idLocation: SourceLocation?
  /// The name of its `StageDescription`.
  public var name: String
  public var settings: SettingValues
  /// The guard that narrows the packets which the stage sees.
  public var condition: Expression?
  public var conditionLocation: SourceLocation?
  /// The ports and pipelines that the settings name.
  public var references: [Reference]
  /// The name of an entry of `shared:`, of which this is one place.
  public var shared: String?
  public var location: SourceLocation
}

/// A setting that names a port or a pipeline of the file.
public struct Reference: Sendable {
  public enum Kind: String, Sendable {
    case port, pipeline
  }
  public let kind: Kind
  public let name: String
  public let location: SourceLocation
}

/// What came of reading a pipeline file.
public struct LoadedPipelineFile: Sendable {
  /// Nil when there is an error among the diagnostics.
  public let file: PipelineFile?
  /// Sorted by file and place.
  public let diagnostics: [Diagnostic]
  /// What `--set` may give, in the order of the file.
  public let parameters: [ParameterDeclaration]
}

/// An entry of `parameters:`.
public struct ParameterDeclaration: Sendable {
  public let name: String
  /// Nil where a value must be given.
  public let defaultValue: String?
  public let help: String?
  public let location: SourceLocation
}
