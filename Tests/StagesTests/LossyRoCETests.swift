// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  /// What `map-priority` says of RoCE that is not in a lossless priority.
  @Suite struct LossyRoCETests {
    /// A RoCEv2 packet without payload: opcode, queue pair, DSCP.
    func roce(_ opcode: UInt8, queuePair: UInt8 = 9, dscp: Int) -> [UInt8] {
      let lengths: [UInt8: Int] = [0x04: 12, 0x11: 16, 0x12: 24, 0x81: 28, 0x64: 20]
      var transport = [UInt8](repeating: 0, count: lengths[opcode] ?? 12)
      transport[0] = opcode
      transport[7] = queuePair
      var bytes = packet(
        "eth / ipv4 tos \(dscp * 4) / udp 4791 nochecksum / \(transport.count + 4)B")
      bytes.replaceSubrange(42..<42 + transport.count, with: transport)
      return bytes
    }

    func stand(_ map: String) throws -> Stand {
      try Stand(stage("parse"), stage("map-priority", ["map": map]), stage("send", ["port": "out"]))
    }

    @Test func theDSCPThatFallsIntoALossyPriorityIsNamed() throws {
      let stand = try stand("sonic-azure")
      try stand.run([roce(4, dscp: 26), roce(4, dscp: 3), roce(4, dscp: 26), roce(4, dscp: 0)])
      #expect(stand.figure("RoCE in lossy priority 1: dscp 26", of: 1) == 2)
      #expect(stand.figure("RoCE in lossy priority 1: dscp 0", of: 1) == 1)
      #expect(
        stand.set.notes()[1] == [
          "RoCE data with dscp 0 gets priority 1, in which packets can be lost; lossless: 3, 4",
          "RoCE data with dscp 26 gets priority 1, in which packets can be lost; lossless: 3, 4",
        ])
      #expect(stand.set.problems()[1] == nil)
      stand.checkBalance()
    }

    @Test func theSameDSCPIsRightInTheMapOfAdapters() throws {
      let stand = try stand("roce-dscp26")
      try stand.run([roce(4, dscp: 26)])
      #expect(stand.set.notes()[1] == [])
      #expect(stand.figure("priority 3", of: 1) == 1)
    }

    @Test func whatMayBeLostIsNotComplainedOf() throws {
      let stand = try stand("sonic-azure")
      let other = packet("eth / ipv4 tos 104 / udp 53 / 64B")
      try stand.run([
        roce(0x81, dscp: 48), roce(0x11, dscp: 48), roce(0x12, dscp: 48),
        roce(0x64, queuePair: 1, dscp: 0), other,
      ])
      #expect(stand.sent().count == 5)
      #expect(stand.set.notes()[1] == [])
    }
  }
}
