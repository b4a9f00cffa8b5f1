// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// A stage that keeps packets and lets them go on later: a queue, a pacer, a delay.
///
/// What it lets go enters the pipeline again behind the stage, in a burst that begins empty.
public protocol HoldingStage: Stage & ~Copyable {
  /// When the stage next has something to do though no packet comes, in the burst's nanoseconds;
  /// `.max` for never. It is asked between bursts.
  var nextRelease: UInt64 { get }

  /// Does what is due at `now` or before, in order of time: gives packets back to the burst until
  /// that refuses one, or nothing more is due. After a call that neither gave nor made a packet,
  /// `nextRelease` must have moved on.
  mutating func release(_ burst: inout Burst, until now: UInt64)
}

/// A packet that a stage keeps, with what its burst knew of it. The stage must give it back to a
/// burst one day.
@frozen
public struct HeldPacket: BitwiseCopyable {
  public let packet: Packet
  /// When it came to the stage, in nanoseconds.
  public var nanoseconds: UInt64
  /// What `parse` found, and marks.
  public var headers: Headers
  public let wireLength: UInt32
  /// The rule that it matched last.
  public let rule: UInt32
  /// The stage that keeps it, in the place where that saw the packet.
  @usableFromInline let stage: UInt16
  public let input: PortIndex
  public let link: LinkType

  @inlinable init(
    packet: Packet, nanoseconds: UInt64, headers: Headers, wireLength: UInt32, rule: UInt32,
    stage: UInt16, input: PortIndex, link: LinkType
  ) {
    self.packet = packet
    self.nanoseconds = nanoseconds
    self.headers = headers
    self.wireLength = wireLength
    self.rule = rule
    self.stage = stage
    self.input = input
    self.link = link
  }
}

extension Burst {
  /// Takes a packet that has no verdict out of the burst: it is the stage's until that resumes it.
  @inlinable public mutating func hold(_ index: Int) -> HeldPacket {
    undecided.remove(index)
    heldCount.pointee &+= 1
    return HeldPacket(
      packet: packets[index], nanoseconds: nanoseconds(index), headers: records[index],
      wireLength: lengths[index], rule: rules[index], stage: stage, input: input, link: link)
  }

  /// Takes a copy that the stage made of a packet into its keeping, as if it had come too.
  @inlinable public func hold(copy: Packet, of index: Int) -> HeldPacket {
    heldCount.pointee &+= 1
    madeTotal.pointee &+= 1
    return HeldPacket(
      packet: copy, nanoseconds: nanoseconds(index), headers: records[index],
      wireLength: lengths[index], rule: rules[index], stage: stage, input: input, link: link)
  }

  /// Puts a packet that was held into a burst of releases.
  ///
  /// - Returns: its place; nil when it does not fit, since the burst is full or its packets came
  ///   another way. Then it is still the stage's, which is called again.
  public mutating func resume(_ held: HeldPacket, at nanoseconds: UInt64) -> Int? {
    let index = received.count
    if index == 0 {
      stage = held.stage
      input = held.input
      link = held.link
      self.nanoseconds = nanoseconds
    } else {
      guard index < Self.capacity, stage == held.stage, input == held.input, link == held.link
      else { return nil }
    }
    packets[index] = held.packet
    starts[index] = held.packet.bytes
    records[index] = held.headers
    times[index] = nanoseconds
    lengths[index] = held.wireLength
    received.insert(index)
    receivedBytes &+= UInt64(held.wireLength)
    undecided.insert(index)
    if held.rule != Self.noRule { setRule(index, held.rule) }
    heldCount.pointee &-= 1
    return index
  }

  /// Makes the burst an empty one for packets that are resumed.
  mutating func beginReleases(at now: UInt64, cycles: UInt64) {
    begin(0, bytes: 0, input, link, cycles: cycles, nanoseconds: now)
  }
}
