// SPDX-License-Identifier: BSD-3-Clause

/// What is known of a flow beside its entry, and that most of its packets do not need.
public struct FlowDetails: BitwiseCopyable {
  /// When its first packet came, in nanoseconds.
  public internal(set) var firstSeen: UInt64 = 0
  /// Counts how often the entry was begun or given up: a reference that names an older one is void.
  @usableFromInline var epoch: UInt32 = 0
  /// The entry of the opposite direction.
  var peer = FlowReference.none
  /// The entry that may be it, and how many answers have said so.
  var candidate = FlowReference.none
  var evidence: UInt32 = 0
  /// The sequence number that the last of these answers named.
  var answered: UInt32 = 0
}

/// An entry by its number in the table, for as long as it holds the same flow.
struct FlowReference: Equatable, BitwiseCopyable {
  var number: UInt32
  var epoch: UInt32

  static let none = FlowReference(number: .max, epoch: 0)
}
