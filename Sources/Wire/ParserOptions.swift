// SPDX-License-Identifier: BSD-3-Clause

/// What a parser has to be told, since packets do not say it.
public struct ParserOptions: Sendable {
  /// How opcodes 0x40 to 0x5f are read.
  public enum ReliableDatagram: String, CaseIterable, Sendable {
    /// As the specification has them: reliable datagram.
    case rd
    /// As NVIDIA's adapters use them: dynamically connected.
    case dc
  }

  /// Which TCP segments are taken for iWARP.
  public enum IWARP: String, CaseIterable, BitwiseCopyable, Sendable {
    case never
    /// Those from or to one of `iwarpPorts`.
    case ports
    /// Those too that look like it: a sound length, and the versions of DDP and RDMAP.
    case detect
  }

  public var reliableDatagram = ReliableDatagram.rd
  /// How many tunnels, one in the other, are entered.
  public var tunnelDepth = 2
  public var rocePorts: [UInt16] = [4791]
  /// The assigned port, and the one that Linux used before there was one.
  public var vxlanPorts: [UInt16] = [4789, 8472]
  /// The assigned port, and that of the reference implementation.
  public var uetPorts: [UInt16] = [4793, 49150]
  public var iwarp = IWARP.ports
  public var iwarpPorts: [UInt16] = []

  public init() {}
}
