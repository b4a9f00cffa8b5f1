// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Sample = IWARPSamples

struct IWARPParserTests {
  nonisolated(unsafe) private static let detecting: UnsafePointer<ParserRules> = rules(.detect)
  nonisolated(unsafe) private static let never: UnsafePointer<ParserRules> = rules(.never)

  private static func rules(_ iwarp: ParserOptions.IWARP) -> UnsafePointer<ParserRules> {
    var options = ParserOptions()
    options.iwarp = iwarp
    let rules = UnsafeMutablePointer<ParserRules>.allocate(capacity: 1)
    rules.initialize(to: ParserRules(options))
    return UnsafePointer(rules)
  }

  private func packet(_ payload: [UInt8], wireLength: Int? = nil) -> CapturedPacket {
    let bytes = Sample.segment(payload)
    return CapturedPacket(bytes: bytes, wireLength: wireLength ?? bytes.count, link: .ethernet)
  }

  private func parsed(_ payload: [UInt8]) -> Headers {
    packet(payload).parsed(by: rulesWithIWARP)
  }

  private func checkState(_ payload: [UInt8]) -> ChecksumState {
    let packet = packet(payload)
    return packet.bytes.withUnsafeBytes { buffer in
      buffer.baseAddress.map { MPA.checkState(of: $0, packet.parsed(by: rulesWithIWARP)) }
        ?? .unknown
    }
  }

  @Test(
    arguments: [
      (Sample.write, .ddpTagged, 14), (Sample.readResponse, .ddpTagged, 14),
      (Sample.send, .ddpUntagged, 18), (Sample.terminate, .ddpUntagged, 18),
      (Sample.readRequest, .ddpUntagged, 46), (Sample.start(reply: true), .mpaStart, 18),
    ] as [([UInt8], Layers, Int)])
  func framesLeadToTheirSegment(payload: [UInt8], layers: Layers, length: Int) {
    let headers = parsed(payload)
    #expect(headers.layers == layers.union([.ethernet, .ipv4, .tcp]))
    #expect([headers[.rdma], headers[.payload]] == [54, 54 + 2 + length])
    #expect(headers.malformation == .none)
  }

  @Test func fieldsHaveTheirValuesOrAreAbsent() throws {
    let expected: [(payload: [UInt8], values: KeyValuePairs<String, String?>)] = [
      (
        Sample.start(reply: false, flags: 0x90, revision: 2),
        [
          "mpa.start": "Request", "mpa.markers": "true", "mpa.crc": "false",
          "mpa.reject": "false", "mpa.enhanced": "true", "mpa.revision": "2",
          "mpa.private_data": "4", "mpa.length": nil, "ddp.tagged": nil,
        ]
      ),
      (
        Sample.write,
        [
          "mpa.length": "19", "ddp.tagged": "true", "ddp.last": "true", "ddp.version": "1",
          "ddp.stag": "0x00000007", "ddp.offset": "0x0000000000001000", "ddp.queue": nil,
          "rdmap.version": "1", "rdmap.opcode": "WRITE", "rdmap.read.size": nil,
          "mpa.start": nil,
        ]
      ),
      (
        Sample.sendInvalidate,
        [
          "ddp.tagged": "false", "ddp.queue": "0", "ddp.msn": "1", "ddp.message_offset": "0",
          "ddp.invalidate_stag": "0x00000009", "rdmap.opcode": "SEND_INV", "ddp.stag": nil,
        ]
      ),
      (
        Sample.readRequest,
        [
          "rdmap.opcode": "READ_REQUEST", "ddp.queue": "1", "ddp.invalidate_stag": nil,
          "rdmap.read.sink_stag": "0x00010203", "rdmap.read.sink_offset": "0x0405060708090a0b",
          "rdmap.read.size": "202182159", "rdmap.read.source_stag": "0x10111213",
          "rdmap.read.source_offset": "0x1415161718191a1b",
        ]
      ),
    ]
    for (payload, values) in expected {
      let source = FieldPackets([packet(payload)], by: rulesWithIWARP)
      for (name, value) in values {
        let field = try #require(FieldTable.field(named: name), "\(name)")
        #expect(field.value(in: source).map(field.text(of:)) == value, "\(name)")
      }
    }
  }

  @Test func aMarkerInFrontOfAFrameIsPassed() {
    let headers = parsed(Sample.marked(Sample.untagged(3, queue: 0, [1, 2, 3, 4])))
    #expect(headers.layers.contains(.ddpUntagged))
    #expect([headers[.rdma], headers[.operation]] == [58, 60])
    #expect(headers.rdmaEnd == headers.end)
  }

  /// A marker in its midst, and the segment as much longer: the header is not in one piece.
  @Test func aHeaderThatAMarkerPartsIsNotRead() {
    let send = Sample.send
    let parted = Array(send[..<12]) + [0, 0, 0, 12] + send[12...]
    #expect(parsed(parted).layers.isDisjoint(with: .ddp))
    let request = Sample.readRequest
    let body = Array(request[..<20]) + [0, 0, 0, 20] + request[20...]
    let headers = parsed(body)
    #expect(headers.layers.contains(.ddpUntagged))
    #expect(headers[.payload] == 54 + 20)
  }

  @Test func segmentsWithinAFrameAreJustTCP() {
    for payload in [[], [0], [UInt8](repeating: 2, count: 600), Array("GET / HTTP/1.1".utf8)] {
      let headers = parsed(payload)
      #expect(headers.layers == [.ethernet, .ipv4, .tcp])
      #expect(headers.malformation == .none)
    }
  }

  @Test func onlyTheSegmentsOfTheRulesAreLookedAt() {
    let known = Sample.segment(Sample.send)
    let back = Sample.segment(Sample.send, from: Sample.port, to: 1024)
    let other = Sample.segment(Sample.send, to: 80)
    let verdicts = [known, back, other].map { bytes in
      let packet = CapturedPacket(bytes: bytes, wireLength: bytes.count, link: .ethernet)
      return [rulesWithIWARP, Self.detecting, Self.never].map {
        packet.parsed(by: $0).layers.contains(.ddpUntagged)
      }
    }
    #expect(verdicts == [[true, true, false], [true, true, false], [false, true, false]])
  }

  @Test func detectionTakesEverySoundSegmentAndNamesNothing() {
    for payload in Sample.payloads {
      let headers = packet(payload).parsed(by: Self.detecting)
      #expect(!headers.layers.isDisjoint(with: [.ddp, .mpaStart]))
    }
    for sample in Sample.unsound {
      let packet = CapturedPacket(
        bytes: sample.bytes, wireLength: sample.bytes.count, link: .ethernet)
      #expect(packet.parsed(by: Self.detecting).malformation == .none)
    }
  }

  /// A tagged segment without a queue number, and a length that the segment does not bear out.
  @Test func detectionWantsMoreThanTheRightBits() {
    var write = Sample.write
    write[1] += 40
    #expect(packet(write).parsed(by: Self.detecting).layers.isDisjoint(with: .ddp))
    var send = Sample.send
    send[11] = 3
    #expect(packet(send).parsed(by: Self.detecting).layers.isDisjoint(with: .ddp))
  }

  @Test func checksAreJudgedWhereTheyCanBe() {
    var damaged = Sample.send
    damaged[21] ^= 1
    #expect(checkState(Sample.send) == .correct)
    #expect(checkState(damaged) == .wrong)
    #expect(checkState(Sample.sendInvalidate) == .absent)
    #expect(checkState(Sample.start(reply: false)) == .unknown)
    // Another frame follows, or it is markers: which is not known.
    #expect(checkState(damaged + Sample.write) == .unknown)
    #expect(checkState(Sample.send + Sample.write) == .correct)
    #expect(checkState(Array(Sample.send.dropLast())) == .unknown)
  }

  @Test(arguments: [4, 480, 486, 490, 1000, 1500])
  func checksCoverMarkersToo(count: Int) {
    var frame = Sample.marked(Sample.tagged(0, [UInt8](repeating: 5, count: count)))
    #expect(checkState(frame) == .correct)
    frame[20] ^= 1
    #expect(checkState(frame) == .wrong)
  }
}
