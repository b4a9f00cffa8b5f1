// SPDX-License-Identifier: BSD-3-Clause
public import Tables

/// Where packets come from and which queue pair they go to.
public struct QueuePairName: Hashable, Sendable {
  /// IP addresses, or local identifiers of InfiniBand: `10.0.0.1`, `LID 7`.
  public var source: String
  public var destination: String
  public var queuePair: UInt32
  /// The tunnel that they come through.
  public var tunnel: UInt32?

  public init(source: String, destination: String, queuePair: UInt32, tunnel: UInt32? = nil) {
    self.source = source
    self.destination = destination
    self.queuePair = queuePair
    self.tunnel = tunnel
  }

  public init(_ key: FlowKey) {
    self.init(
      source: key.source, destination: key.destination, queuePair: key.queuePair,
      tunnel: key.tunnel)
  }
}

extension QueuePairName: CustomStringConvertible {
  /// `10.0.0.1>10.0.0.2/0x00011a`.
  public var description: String {
    let digits = String(queuePair, radix: 16)
    let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let end = "\(source)>\(destination)/0x\(padded)"
    return tunnel.map { "\(end)@\($0)" } ?? end
  }
}
