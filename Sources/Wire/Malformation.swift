// SPDX-License-Identifier: BSD-3-Clause

/// What can be wrong with a packet; each is a named reason that reports and counters show.
@frozen
public enum Malformation: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  case none
  case ethernetHeaderCut
  case ipv4HeaderCut
}
