// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Who sends and who receives, by a queue pair's key.
extension FlowKey {
  /// The key of everything that goes to the same address: words that are equal where addresses are.
  public var destinationWords: (UInt64, UInt64) {
    switch words[4] & FlowLookup.Network.all {
    case FlowLookup.Network.ipv4, FlowLookup.Network.lrh: (words[0] & 0xffff_ffff, 0)
    default: (words[2], words[3])
    }
  }

  public var sourceWords: (UInt64, UInt64) {
    switch words[4] & FlowLookup.Network.all {
    case FlowLookup.Network.ipv4, FlowLookup.Network.lrh: (words[0] &>> 32, 0)
    default: (words[0], words[1])
    }
  }

  /// The key without its queue pair and tunnel: what goes from one address to another.
  public var ends: FlowKey {
    var key = self
    key.words[4] = words[4] & FlowLookup.Network.all
    return key
  }

  /// The name of the tunnel's network, of a packet in one.
  public var tunnel: UInt32? {
    words[4] & FlowLookup.Network.isTunnelled == 0
      ? nil : UInt32(truncatingIfNeeded: words[4] &>> 32)
  }

  /// `10.0.0.1`, `fd00::1`, `LID 7`.
  public var source: String { text(sourceWords) }
  public var destination: String { text(destinationWords) }

  private func text(_ address: (UInt64, UInt64)) -> String {
    switch words[4] & FlowLookup.Network.all {
    case FlowLookup.Network.ipv4:
      IPv4Address(value: UInt32(truncatingIfNeeded: address.0)).description
    case FlowLookup.Network.lrh: "LID \(address.0)"
    default: IPv6Address(high: address.0, low: address.1).description
    }
  }
}

extension FlowKey {
  /// A key of nothing but a receiver.
  ///
  /// - Parameters:
  ///   - destination: what `destinationWords` of its packets' keys are.
  ///   - network: the last word of what `ends` of these is.
  public init(destination: (UInt64, UInt64), network: UInt64) {
    self.init()
    switch network {
    case FlowLookup.Network.ipv4, FlowLookup.Network.lrh: words[0] = destination.0
    default: (words[2], words[3]) = destination
    }
    words[4] = network
  }
}
