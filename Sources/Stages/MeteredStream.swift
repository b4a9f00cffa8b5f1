// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// The buckets of packets that share some, and of which flow they are.
struct MeteredStream: BitwiseCopyable {
  var buckets: TokenBuckets
  /// Of the flow's entry in its table, which has another when it is given to another flow; 0, which
  /// no entry in use has, before the first packet.
  var epoch: UInt32 = 0
}
