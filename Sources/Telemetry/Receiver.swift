// SPDX-License-Identifier: BSD-3-Clause

/// What comes to one address: bytes in short bins, and how many senders there are at once.
struct Receiver: BitwiseCopyable {
  /// The words of its address in a key, and the kind of address.
  var high: UInt64 = 0
  var low: UInt64 = 0
  var network: UInt64 = 0
  var bursts = Microbursts()
  var fanIn = FanIn()
  /// Of the window of `fanIn`: packets marked CE, and bytes of bins that ended.
  var marked: UInt64 = 0
  var windowBytes: UInt64 = 0
  /// Bins above the threshold in a second of the clock.
  var hotBins: UInt64 = 0
  var second: UInt64 = 0
}
