// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

extension RoCEPacket {
  /// Which bits the ICRC covers of the 8 bytes from `place` on, in memory order.
  fileprivate func covered(from place: Int) -> UInt64 {
    var begin = 0
    var covered: UInt64 = 0
    for header in start.headers {
      covered |= header.covered(from: place - begin)
      begin += header.length
    }
    for index in 0..<8 where place + index >= begin { covered |= 0xff << UInt64(8 * index) }
    return covered
  }

  fileprivate func eight(from place: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }
}

struct ICRCUpdateTests {
  @Test(arguments: RoCEPacket.Start.allCases)
  func masksCoverAllButWhatMayChange(_ start: RoCEPacket.Start) {
    let packet = RoCEPacket(start: start, bytes: [UInt8](repeating: 0, count: start.length + 20))
    for place in 0...(packet.bytes.count - 8) {
      let expected = (0..<8).reduce(0 as UInt64) { mask, index in
        mask | UInt64(~start.variant[place + index, default: 0]) << UInt64(8 * index)
      }
      #expect(packet.covered(from: place) == expected, "from byte \(place)")
    }
  }

  @Test(arguments: RoCEPacket.Start.allCases)
  func updatesEqualFullSums(_ start: RoCEPacket.Start) {
    var random = SplitMix(state: 1)
    for round in 0..<2000 {
      // Up to what IP allows, now and then.
      let most: UInt64 = round % 100 == 0 ? 65400 : 300
      let packet = RoCEPacket.random(start, behind: Int(random.next() % most), &random)
      let place = Int(random.next() % UInt64(packet.bytes.count - 7))
      var changed = packet
      changed.bytes.replaceSubrange(place..<(place + 8), with: random.edgy(8))

      let difference = packet.eight(from: place) ^ changed.eight(from: place)
      let updated = ICRC.updated(
        packet.icrc, difference: difference & packet.covered(from: place),
        before: packet.bytes.count - place - 8)
      #expect(updated == changed.icrc)
    }
  }

  @Test func noDifferenceLeavesTheICRC() {
    #expect(ICRC.updated(0x5c92_494e, difference: 0, before: 100) == 0x5c92_494e)
  }

  /// A header that lies at the front can be changed with bytes of the one before in the window.
  @Test func theWindowMayBeginBeforeWhatIsCovered() {
    var random = SplitMix(state: 2)
    let packet = RoCEPacket.random(.ipv4, behind: 16, &random)
    var changed = packet
    changed.bytes[0] ^= 0x05
    let updated = ICRC.updated(
      packet.icrc, difference: 0x05 << 56, before: packet.bytes.count - 1)
    #expect(updated == changed.icrc)
  }

  @Test func theFurthestWindowIsUpdated() {
    var random = SplitMix(state: 3)
    let packet = RoCEPacket.random(.grh, behind: 65531 + 8 - 52, &random)
    var changed = packet
    changed.bytes[4] ^= 0x80
    let updated = ICRC.updated(packet.icrc, difference: 0x80 << 32, before: 65531)
    #expect(updated == changed.icrc)
  }
}
