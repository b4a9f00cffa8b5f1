// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

/// Notifications held against one that a ConnectX-4 Lx has sent (scapy's test/contrib/roce.uts).
struct CongestionNotificationTests {
  static let model: [UInt8] = [
    0xe4, 0x1d, 0x2d, 0xab, 0x2b, 0xc2, 0x7c, 0xfe, 0x90, 0x64, 0x3b, 0x32, 0x08, 0x00, 0x45, 0xc2,
    0x00, 0x3c, 0x71, 0x8c, 0x40, 0x00, 0x40, 0x11, 0x91, 0x61, 0x0a, 0x00, 0x11, 0x01, 0x0a, 0x00,
    0x12, 0x01, 0x00, 0x00, 0x12, 0xb7, 0x00, 0x28, 0x00, 0x00, 0x81, 0x00, 0xff, 0xff, 0x40, 0x00,
    0x01, 0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x82, 0xfd, 0x00, 0x2a,
  ]
  static let notification = CongestionNotification(
    trafficClass: 0xc2, priority: 6, hopLimit: 64, sourcePort: 0)

  /// An RC Send Only of four bytes that the model answers, between its addresses, marked.
  static let data: [UInt8] =
    model[6..<12] + model[0..<6] + [
      0x08, 0x00, 0x45, 0x03, 0x00, 0x30, 0, 7, 0x40, 0, 63, 17, 0, 0,
    ]
    + [10, 0, 18, 1, 10, 0, 17, 1, 0xc0, 0x11, 0x12, 0xb7, 0, 28, 0, 0]
    + [0x04, 0x40, 0xff, 0xff, 0, 0, 0, 0x99, 0x80, 0, 0, 5, 1, 2, 3, 4, 0, 0, 0, 0]

  /// The answer to a packet; nil where there is none.
  func answered(_ packet: [UInt8], queuePair: UInt32 = 0x118) -> [UInt8]? {
    packet.withUnsafeBytes { bytes -> [UInt8]? in
      guard let start = bytes.baseAddress else { return nil }
      var headers = Headers(
        parsing: start, captured: bytes.count, wireLength: bytes.count, link: .ethernet)
      guard let length = CongestionNotification.length(answering: &headers) else { return nil }
      var answer = [UInt8](repeating: 0xee, count: length)
      answer.withUnsafeMutableBytes { room in
        guard let place = room.baseAddress else { return }
        Self.notification.write(to: place, answering: start, &headers, queuePair: queuePair)
      }
      return answer
    }
  }

  @Test func answerIsTheModelButForItsIdentification() throws {
    let answer = try #require(answered(Self.data))
    try #require(answer.count == Self.model.count)
    // The model numbers its packets; the header checksum and the ICRC cover that number.
    let free = Set([18, 19, 24, 25, 70, 71, 72, 73])
    let different = answer.indices.filter { answer[$0] != Self.model[$0] }
    #expect(free.isSuperset(of: different))
  }

  @Test func withTheModelsIdentificationItIsTheModel() throws {
    var answer = try #require(answered(Self.data))
    answer.replaceSubrange(18..<20, with: Self.model[18..<20])
    answer.replaceSubrange(24..<26, with: [0, 0])
    let sum = stride(from: 14, to: 34, by: 2).reduce(0 as UInt32) {
      $0 + UInt32(answer[$1]) << 8 + UInt32(answer[$1 + 1])
    }
    let checksum = ~UInt16(sum & 0xffff + sum >> 16)
    answer.replaceSubrange(24..<26, with: [UInt8(checksum >> 8), UInt8(checksum & 0xff)])
    let icrc = answer[14..<54].withUnsafeBytes { bytes in
      bytes.baseAddress.map { start -> UInt32 in
        var icrc = ICRC(ipv4: start)
        [UInt8](repeating: 0, count: 16).withUnsafeBytes {
          if let zeros = $0.baseAddress { icrc.add(zeros, count: 16) }
        }
        return icrc.value
      }
    }
    let value = try #require(icrc)
    answer.replaceSubrange(70..<74, with: (0..<4).map { UInt8(value >> ($0 * 8) & 0xff) })
    #expect(answer == Self.model)
  }

  @Test func tagsStayAndTellThePriority() throws {
    let tagged = Array(Self.data[0..<12]) + [0x88, 0xa8, 0x20, 5, 0x81, 0x00, 0x10, 42]
    let answer = try #require(answered(tagged + Self.data[12...]))
    let plain = try #require(answered(Self.data))
    // Drop eligibility and identifiers as they were; priority 6.
    #expect(Array(answer[12..<20]) == [0x88, 0xa8, 0xc0, 5, 0x81, 0x00, 0xd0, 42])
    #expect(answer[20...] == plain[12...])
  }

  @Test func partitionIsThatOfThePacket() throws {
    var data = Self.data
    data[44] = 0x80
    data[45] = 0x12
    let answer = try #require(answered(data))
    #expect(Array(answer[44..<46]) == [0x80, 0x12])
  }

  @Test func checksumOfUDPIsWrittenWhereThePacketHasOne() throws {
    var data = Self.data
    data[40] = 0xab
    let answer = try #require(answered(data))
    let datagram = Array(answer[34...])
    let pseudo: [UInt8] = Array(answer[26..<34]) + [0, 17, 0, 40]
    let sum = stride(from: 0, to: 12 + 40, by: 2).reduce(0 as UInt32) {
      let bytes = pseudo + datagram
      return $0 + UInt32(bytes[$1]) << 8 + UInt32(bytes[$1 + 1])
    }
    #expect((sum & 0xffff + sum >> 16) & 0xffff == 0xffff)
  }

  @Test func whatIsNoPlainRoCEHasNoAnswer() {
    var udp = Self.data
    udp[36] = 0x13
    #expect(answered(udp) == nil)
    let labelled = Array(Self.data[0..<12]) + [0x88, 0x47, 0, 1, 0x01, 64] + Self.data[14...]
    #expect(answered(labelled) == nil)
  }
}
