// SPDX-License-Identifier: BSD-3-Clause

/// What comes to one address: bytes in short bins, and how many senders there are at once.
struct Receiver: BitwiseCopyable {
  /// The words of its address in a key, and the kind of address.
  var high: UInt64 = 0
  var low: UInt64 = 0
  var network: UInt64 = 0
  /// The end of the bin, and what came in it.
  var binEnd: UInt64 = 0
  var binBytes: UInt64 = 0
  /// The window in which senders are counted, by its number.
  var window: UInt64 = 0
  var windowStart: UInt64 = 0
  /// A bit for each of 256 places that a sender's address may have.
  var senders: InlineArray<4, UInt64> = [0, 0, 0, 0]
  var windowBytes: UInt64 = 0
  /// Packets marked CE in the window.
  var marked: UInt32 = 0
  /// Bins above the threshold in the second that began at `second`, and what came in it.
  var hotBins: UInt32 = 0
  var second: UInt64 = 0
  var secondBytes: UInt64 = 0

  var mostSenders: UInt64 = 0
  var mostSendersAt: UInt64 = 0
  var mostBytes: UInt64 = 0
  var mostBytesAt: UInt64 = 0

  /// 131.072 us.
  static let windowShift: UInt64 = 17

  /// How many of the places are taken.
  var placesTaken: Int {
    senders[0].nonzeroBitCount &+ senders[1].nonzeroBitCount &+ senders[2].nonzeroBitCount
      &+ senders[3].nonzeroBitCount
  }
}
