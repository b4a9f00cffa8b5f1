// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// A packet as a fuzzer makes it up: a few bytes that say how it was captured, then the packet.
struct FuzzedPacket {
  /// What lies in front of the packet in a fuzzer's input: link type, then two bytes of how much
  /// longer the packet was on the wire.
  static let prefixLength = 3

  let bytes: UnsafeRawBufferPointer
  /// Zeros behind `bytes`, up to lengths that a fuzzer's input does not have.
  var padding = 0
  let wireLength: Int
  let link: LinkType
  /// Whether a parser is to look for all there is.
  var isThorough = false

  /// Parts of the input that are not there count as 0.
  init(input: UnsafeRawBufferPointer) {
    func byte(_ index: Int) -> UInt8 { index < input.count ? input[index] : 0 }
    let links = LinkType.allCases
    link = links[Int(byte(0)) % links.count]
    isThorough = Int(byte(0)) / links.count % 2 != 0
    bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst(Self.prefixLength))
    // Values of 16 bits would leave out that capture files have 32 of them.
    let excess = Int(byte(1)) << Int(byte(2) & 31)
    padding = byte(2) == Self.isLong && bytes.count >= Self.leastPadded ? Self.longPadding : 0
    wireLength = min(bytes.count + padding + excess, Int(UInt32.max))
  }

  init(_ bytes: UnsafeRawBufferPointer, wireLength: Int, link: LinkType) {
    self.bytes = bytes
    self.wireLength = wireLength
    self.link = link
  }

  /// What a fuzzer's input has to be for this packet, cut to `most` bytes. Only whether it was
  /// longer on the wire can be told of such a packet.
  static func input(
    _ bytes: some Collection<UInt8>, isCut: Bool, link: LinkType, most: Int = 512
  ) -> [UInt8] {
    let kept = bytes.prefix(most)
    let cut: [UInt8] = isCut || kept.count < bytes.count ? [255, 8] : [0, 0]
    return [link.rawValue] + cut + kept
  }

  /// The last of the prefix's bytes when the packet shall be longer than 16 bits can tell.
  private static let isLong: UInt8 = 0xff
  private static let longPadding = 65536
  /// Otherwise the shortest inputs, which a fuzzer likes best, would be those with most to do.
  private static let leastPadded = 64
}
