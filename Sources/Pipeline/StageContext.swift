// SPDX-License-Identifier: BSD-3-Clause
public import Settings
public import Wire

/// What a stage can ask for while it is built: everything that its worker has beside the stage.
public final class StageContext {
  /// How packets come: polled from ports as they arrive, or read from captures in virtual time.
  public enum Mode: Sendable {
    case live
    case replay
    /// Not at all: the stage is only built to see whether it can be. It must open nothing.
    case check
  }

  public let mode: Mode
  /// This worker's number, from 0, and how many there are.
  public let worker: Int
  public let workers: Int
  /// The run's seed: the same seed gives the same random decisions.
  public let seed: UInt64
  /// Where a stage takes the packets that it makes; null when a file is only being checked.
  public let pool: OpaquePointer?

  let reasons: DropReasons
  private let ports: [String: PortIndex]
  private let pipelines: [String: PipelineIndex]
  /// The files that stages said they write.
  public private(set) var writtenFiles: [(path: String, location: SourceLocation?)] = []
  /// Whether somebody will read warnings and explanations, which can cost time to find.
  public var wantsWarnings = false
  /// The classes that stages give to packets.
  public private(set) var givenClasses: Set<TrafficClass> = []
  /// What stages found doubtful in their settings, though they can run with them.
  public private(set) var warnings: [Diagnostic] = []
  /// What stages say of how they were built, for `check --explain`.
  public private(set) var explanations: [String] = []
  private var stagesBuilt: UInt64 = 0
  /// How many packets the stages built so far may make in one burst.
  private(set) var madePerBurst = 0
  /// How many packets the stages built so far may keep at once.
  public private(set) var mostHeld = 0
  private var common: [String: AnyObject] = [:]

  public init(
    mode: Mode, worker: Int, workers: Int, seed: UInt64, pool: OpaquePointer?,
    reasons: DropReasons, ports: [String: PortIndex], pipelines: [String: PipelineIndex]
  ) {
    self.mode = mode
    self.worker = worker
    self.workers = workers
    self.seed = seed
    self.pool = pool
    self.reasons = reasons
    self.ports = ports
    self.pipelines = pipelines
  }

  /// The drop reason of that name, the same on every worker.
  public func reason(_ name: String) -> DropReason { reasons.reason(name) }

  /// The port of that name. The file was checked, so it is there.
  public func port(_ name: String) -> PortIndex {
    guard let port = ports[name] else { preconditionFailure("no port '\(name)' in the file") }
    return port
  }

  /// The names of the file's ports, for settings that name a port without sending to it.
  public var portNames: [String] { ports.keys.sorted() }

  /// The pipeline of that name. The file was checked, so it is there.
  public func pipeline(_ name: String) -> PipelineIndex {
    guard let index = pipelines[name] else {
      preconditionFailure("no pipeline '\(name)' in the file")
    }
    return index
  }

  /// Room for packets that the stage will make: at most so many in one burst.
  public func reservePackets(perBurst count: Int) { madePerBurst += count }

  /// Room in the pool for packets that the stage may keep at once.
  public func reservePackets(held count: Int) { mostHeld += count }

  /// What stages of this worker have in common under a name, such as the pauses of a port: made by
  /// the first stage that asks for it.
  public func common<Thing: AnyObject>(_ name: String, _ make: () -> Thing) -> Thing {
    let key = "\(Thing.self) \(name)"
    if let known = common[key] as? Thing { return known }
    let thing = make()
    common[key] = thing
    return thing
  }

  /// Says that the stage writes to a file, in every mode: a run is refused, before anything is
  /// opened, when two write one file, or when one writes what another reads.
  public func willWrite(_ path: String, at location: SourceLocation?) {
    writtenFiles.append((path, location))
  }

  /// Says that the stage gives packets this class; a condition that asks for another is doubtful.
  public func givesClass(_ trafficClass: TrafficClass) { givenClasses.insert(trafficClass) }

  /// Says that something in the settings is doubtful; a check shows it, with its place.
  public func warn(_ warning: Diagnostic) { warnings.append(warning) }

  /// Says how the stage was built, a line at a time.
  public func explain(_ line: String) { explanations.append(line) }

  /// What was explained since it was last taken.
  public func takeExplanations() -> [String] {
    defer { explanations = [] }
    return explanations
  }

  /// A seed of this stage's own, which depends on its place in the file alone.
  public func nextSeed() -> UInt64 {
    stagesBuilt &+= 1
    var generator = SplitMix64(seed: seed &+ stagesBuilt &* 0x1000 &+ UInt64(worker))
    return generator.next()
  }
}

/// A small, fast random number generator whose sequence follows from its seed (Steele et al. 2014).
@frozen
public struct SplitMix64: RandomNumberGenerator, BitwiseCopyable, Sendable {
  @usableFromInline var state: UInt64

  @inlinable public init(seed: UInt64) { state = seed }

  @inlinable public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }
}
