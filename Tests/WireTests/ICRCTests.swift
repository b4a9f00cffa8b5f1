// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

struct ICRCTests {
  @Test(arguments: ICRCVector.published + ICRCVector.constructed)
  func framesEndWithTheirICRC(_ vector: ICRCVector) throws {
    let packet = try #require(vector.packet)
    #expect(packet.icrc == packet.stored)
  }

  @Test(arguments: RoCEPacket.Start.allCases)
  func packetsOfEveryLengthHaveTheDefinedICRC(_ start: RoCEPacket.Start) {
    var random = SplitMix(state: 1)
    for count in 0..<300 {
      let packet = RoCEPacket.random(start, behind: count, &random)
      #expect(packet.icrc == packet.definedICRC)
    }
  }

  @Test(arguments: 1...129)
  func piecesMakeTheWhole(_ size: Int) {
    var random = SplitMix(state: 2)
    let packet = RoCEPacket.random(.ipv4, behind: 128, &random)
    #expect(packet.icrc(inPiecesOf: size) == packet.icrc)
  }

  @Test(arguments: RoCEPacket.Start.allCases)
  func whatMayChangeOnTheWayLeavesTheICRC(_ start: RoCEPacket.Start) {
    var random = SplitMix(state: 3)
    for _ in 0..<100 {
      let packet = RoCEPacket.random(start, behind: 20, &random)
      var changed = packet
      for (place, bits) in start.variant { changed.bytes[place] ^= random.bytes(1)[0] & bits }
      #expect(changed.icrc == packet.icrc)
    }
  }

  @Test(arguments: RoCEPacket.Start.allCases)
  func anyOtherBitThatChangesChangesTheICRC(_ start: RoCEPacket.Start) {
    var random = SplitMix(state: 4)
    let packet = RoCEPacket.random(start, behind: 40, &random)
    for bit in 0..<(8 * packet.bytes.count) {
      let mask: UInt8 = 1 << (bit % 8)
      guard start.variant[bit / 8, default: 0] & mask == 0 else { continue }
      var changed = packet
      changed.bytes[bit / 8] ^= mask
      #expect(changed.icrc != packet.icrc, "bit \(bit)")
    }
  }

  @Test func everyVerdictHasANameOfItsOwn() {
    let verdicts = ICRCVerdict.allCases
    #expect(Set(verdicts.map(\.name)).count == verdicts.count)
    #expect(Set(verdicts.map(\.explanation)).count == verdicts.count)
  }
}
