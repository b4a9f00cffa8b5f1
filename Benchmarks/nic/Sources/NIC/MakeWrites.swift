// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings

/// Makes RDMA writes of whatever comes in, so that between null devices there is RoCE as well: a
/// packet of each queue pair in turn, each time in another order, with sequence numbers that go on.
struct MakeWrites: Stage, ~Copyable {
  static var name: String { "make-writes" }
  static var summary: String {
    "Makes each packet of 82 bytes an RDMA write of one of many queue pairs, in no order."
  }
  static var settings: [any SettingDeclaration] { [bits, message] }
  static var shorthand: String? { bits.name }
  static var headers: HeaderUse { .ignores }
  static var example: String { "- make-writes: {bits: 16, message: 16}" }

  static let bits: Setting<Int> = .integer(
    "bits", in: 2...20, default: 16, "Two to this power is how many queue pairs there are")
  static let message: Setting<Int> = .integer(
    "message", in: 1...4096, default: 16, "Packets of a message; a power of two")

  private var frame: WriteFrame
  private var order: Permutation
  private let message: UInt32
  private let short: DropReason

  init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    message = UInt32(settings[Self.message])
    guard message.nonzeroBitCount == 1 else {
      throw settings.error(Self.message, "\(message) is no power of two", fix: "use 1, 16, 32, ...")
    }
    order = Permutation(bits: UInt32(settings[Self.bits]))
    frame = WriteFrame()
    short = context.reason("too-short")
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      guard burst.capturedLength(index) >= WriteFrame.length else {
        burst.drop(index, short)
        continue
      }
      let (number, pass) = order.next()
      let sequence = number &* 7 &+ pass
      let place = (number &+ pass) & (message &- 1)
      frame.write(
        to: burst.mutableBytes(index), queuePair: number, sequence: sequence & 0xff_ffff,
        starts: place == 0, ends: place == message &- 1)
    }
  }
}

/// Numbers from 0 to a power of two, each once in every pass, and in another order in each.
struct Permutation: BitwiseCopyable {
  private var pass: UInt32 = 0
  private var place: UInt32 = 0
  private var key: UInt32 = 0
  private let mask: UInt32
  private let half: UInt32

  init(bits: UInt32) {
    mask = 1 << bits &- 1
    half = (bits + 1) / 2
  }

  /// Each step can be undone: a product by an odd number, and the upper half added to the lower.
  mutating func next() -> (number: UInt32, pass: UInt32) {
    var number = place ^ key
    number = number &* 0x9e37_79b1 & mask
    number ^= number &>> half
    number = number &* 0x85eb_ca77 & mask
    number ^= number &>> half
    let found = (number, pass)
    place = (place &+ 1) & mask
    if place == 0 {
      pass &+= 1
      key = (pass &* 0xc2b2_ae3d) &>> 7 & mask
    }
    return found
  }
}
