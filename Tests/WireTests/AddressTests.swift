// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Testing
import Wire

struct AddressTests {
  @Test(arguments: ["02:00:5e:10:00:ff", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"])
  func macAddressesAreReadAndPrinted(_ text: String) {
    #expect(MACAddress(text)?.description == text)
  }

  @Test func macAddressesMayHaveDashesAndCapitals() {
    #expect(MACAddress("02-00-5E-10-00-FF") == MACAddress(value: 0x02_005e_1000ff))
  }

  @Test(arguments: [
    "", "02:00:5e:10:00", "02:00:5e:10:00:ff:", "2:0:5e:10:0:ff", "02:00:5e-10:00:ff",
    "02:00:5e:10:00:fg", "02005e1000ff", "02:00:5e:10:00:ff ", "é2:00:5e:10:00:f",
  ])
  func otherTextsAreNoMACAddresses(_ text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test func ipv4AddressesAreReadInNetworkOrder() {
    #expect(IPv4Address("10.9.0.255") == IPv4Address(value: 0x0a09_00ff))
  }

  @Test(arguments: [
    "", "10.0.0", "10.0.0.0.1", "10.0.0.256", "10.0.0.01", "10.0..1", "10.0.0.1 ", "0x0a.0.0.1",
    "10.0.0.+1", "4294967296.0.0.1", "１0.0.0.1",
  ])
  func otherTextsAreNoIPv4Addresses(_ text: String) {
    #expect(IPv4Address(text) == nil)
  }

  /// RFC 5952 sections 1, 4 and 5; the text on the left, the recommended one on the right.
  @Test(arguments: [
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8::0001", "2001:db8::1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:DB8::AAAA", "2001:db8::aaaa"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"),
    ("fe80:0:0:0:0:0:0:0", "fe80::"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ("::ffff:c000:201", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
  ])
  func ipv6AddressesArePrintedInOneWay(_ text: String, _ expected: String) {
    #expect(IPv6Address(text)?.description == expected)
  }

  @Test func randomIPv6AddressesReadAsTheSystemReadsThem() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let address = random.sparseIPv6Address()
      #expect(IPv6Address(address.description) == address)
      #expect(systemReading(address.description) == address, "\(address)")
    }
  }

  @Test func randomTextsAreIPv6AddressesToUsWhenTheyAreToTheSystem() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<20000 {
      let pieces = ["::", ":", "0", "1", "fe80", "12345", "g", "1.2.3.4", "1.2.3", "", "ffff"]
      let text = (0..<Int.random(in: 0..<18, using: &random))
        .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
      #expect(IPv6Address(text) == systemReading(text), "\(text)")
    }
  }

  @Test(arguments: ["10.9.0.0/16", "0.0.0.0/0", "192.0.2.1/32", "fd00::/8", "::/0", "::1/128"])
  func prefixesAreReadAndPrinted(_ text: String) {
    #expect(IPPrefix(text)?.description == text)
  }

  @Test func oneAddressIsTheSmallestPrefix() {
    #expect(IPPrefix("192.0.2.1")?.length == 32)
    #expect(IPPrefix("::1")?.length == 128)
  }

  @Test(arguments: [
    "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
    "10.0.0.1/8", "fd00::1/64", "fd00::/129", "10.0.0.0/99999999999999999999", "/8",
  ])
  func otherTextsAreNoPrefixes(_ text: String) {
    #expect(IPPrefix(text) == nil)
  }

  @Test func aPrefixHoldsNoBitsPastItsLength() throws {
    let address = try #require(IPv6Address("2001:db8:1:2:3:4:5:6"))
    #expect(IPPrefix(.v6(address), length: 68)?.description == "2001:db8:1:2::/68")
    #expect(IPPrefix(.v6(address), length: 40)?.description == "2001:db8::/40")
  }

  private func systemReading(_ text: String) -> IPv6Address? {
    var address = in6_addr()
    guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return withUnsafeBytes(of: address) { bytes in
      IPv6Address(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
