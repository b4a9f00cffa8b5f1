// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing
import Wire

@testable import Tables

/// Keys that users put together from fields.
@Suite struct KeyFieldsTests {
  /// The key of a packet, or nil where it lacks a field.
  func read(_ names: [String], folds: Bool = false, _ words: String) throws -> FlowKey? {
    let fields = try KeyFields(names, folds: folds)
    let bytes = packet(words)
    var headers = Headers()
    var lookup = FlowLookup()
    return bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return nil }
      let parser = Parser()
      Wire.parse(
        start, captured: bytes.count, wireLength: bytes.count, link: .ethernet,
        by: parser.rules, into: &headers)
      extendLifetime(parser)
      return withUnsafePointer(to: headers) { headers in
        let source = SinglePacket(
          headers: headers, bytes: start, wireLength: UInt32(bytes.count),
          capturedLength: UInt32(bytes.count))
        return fields.read(source, 0, into: &lookup, FlowHash(seed: 1)) ? lookup.key : nil
      }
    }
  }

  func bytes(_ key: FlowKey?) -> [UInt8] {
    guard let key else { return [] }
    return withUnsafeBytes(of: key) { Array($0) }
  }

  @Test func fieldsLieOneBehindTheOther() throws {
    let key = try read(["vlan.id", "ipv4.src", "ip.protocol"], "eth / vlan 258 / ipv4 / udp / 9B")
    #expect(bytes(key) == [1, 2, 10, 0, 0, 1, 17] + Array(repeating: 0, count: 33))
  }

  @Test func eitherVersionOfIPTakesSixteenBytes() throws {
    let four = try read(["ip.dst"], "eth / ipv4 10.0.0.1 > 10.0.0.2 / udp / 9B")
    let six = try read(["ip.dst"], "eth / ipv6 2001:db8::1 > 2001:db8::2 / udp / 9B")
    #expect(
      bytes(four).prefix(16) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 2])
    #expect(
      bytes(six).prefix(16) == [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2])
  }

  @Test func aPacketWithoutOneOfTheFieldsHasNoKey() throws {
    #expect(try read(["ip.src", "udp.src"], "eth / ipv4 / tcp / 9B") == nil)
  }

  @Test(arguments: [
    ("ipv4 10.0.0.1 > 10.0.0.2 / udp 9 > 5", "ipv4 10.0.0.2 > 10.0.0.1 / udp 5 > 9"),
    ("ipv4 10.0.0.1 > 10.0.0.1 / udp 9 > 5", "ipv4 10.0.0.1 > 10.0.0.1 / udp 5 > 9"),
    (
      "ipv6 2001:db8::7 > 2001:db8::1 / udp 9 > 5",
      "ipv6 2001:db8::1 > 2001:db8::7 / udp 5 > 9"
    ),
  ])
  func foldedDirectionsHaveOneKey(one: String, other: String) throws {
    let names = ["ip.src", "ip.dst", "udp.src", "udp.dst"]
    let first = try read(names, folds: true, "eth / \(one) / 9B")
    #expect(first != nil)
    #expect(try read(names, folds: true, "eth / \(other) / 9B") == first)
    #expect(try read(names, "eth / \(one) / 9B") != read(names, "eth / \(other) / 9B"))
  }

  @Test func portsAreNotFoldedApartFromTheirAddresses() throws {
    let names = ["ip.src", "ip.dst", "udp.src", "udp.dst"]
    let one = try read(names, folds: true, "eth / ipv4 10.0.0.1 > 10.0.0.2 / udp 9 > 5 / 9B")
    let other = try read(names, folds: true, "eth / ipv4 10.0.0.1 > 10.0.0.2 / udp 5 > 9 / 9B")
    #expect(one != other)
  }

  @Test(
    arguments: [
      (["ip.srcc"], false, "there is no field 'ip.srcc'"),
      ([], false, "the key has no fields"),
      (["ip.src", "ip.src"], false, "'ip.src' is there twice"),
      (
        ["ip.src", "ip.dst", "eth.src", "eth.dst"], false,
        "the key takes 44 bytes and may take 40: ip.src 16, ip.dst 16, eth.src 6, eth.dst 6"
      ),
      (
        ["ip.src"], true, "directions cannot be folded: 'ip.src' is in the key without 'ip.dst'"
      ),
      (["vlan.id"], true, "directions cannot be folded: the key names no two ends"),
    ] as [([String], Bool, String)])
  func whatMakesNoKeyIsRefused(names: [String], folds: Bool, message: String) {
    let error = #expect(throws: KeyFieldsError.self) { _ = try KeyFields(names, folds: folds) }
    #expect(error?.message == message)
  }
}
