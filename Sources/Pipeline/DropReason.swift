// SPDX-License-Identifier: BSD-3-Clause

/// Why a packet was dropped: a name that users see, as a number that packets can carry.
@frozen
public struct DropReason: Hashable, Sendable, BitwiseCopyable {
  public let index: UInt16

  @inlinable init(index: UInt16) { self.index = index }

  /// The packet came to the end of its pipeline and no stage had given it a verdict.
  public static let noVerdict = DropReason(index: 0)
  /// The output port did not take the packet.
  public static let outputFull = DropReason(index: 1)
}

/// The names of all drop reasons of a run; the same numbers on every worker.
public final class DropReasons {
  public private(set) var names = ["no-verdict", "output-full"]
  private var indices: [String: UInt16] = ["no-verdict": 0, "output-full": 1]

  /// So many reasons can be told apart; the rest share the last one.
  public static let capacity = 4096

  public init() {}

  /// The reason of that name, new or known.
  public func reason(_ name: String) -> DropReason {
    if let index = indices[name] { return DropReason(index: index) }
    guard names.count < Self.capacity else { return DropReason(index: UInt16(names.count - 1)) }
    let index = UInt16(names.count)
    names.append(name)
    indices[name] = index
    return DropReason(index: index)
  }
}
