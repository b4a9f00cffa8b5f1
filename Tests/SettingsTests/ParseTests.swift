// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Testing
import Wire

@Suite struct ParseTests {
  /// A value as text, or the problem with it.
  func outcome(_ text: String, _ kind: SettingKind) -> String {
    do throws(SettingProblem) {
      return "\(try kind.parse(text))"
    } catch {
      let fix = error.fix.map { " [\($0)]" } ?? ""
      return "\(error.offset)+\(error.length) \(error.message)\(fix)"
    }
  }

  static let durations: [(String, UInt64)] = [
    ("1ns", 1), ("50us", 50_000), ("55us", 55_000), ("1.5ms", 1_500_000), ("30s", 30_000_000_000),
    ("2m", 120_000_000_000), ("1h", 3_600_000_000_000), ("0s", 0), ("0.1ns", 0),
    ("99999999999999999h", .max),
  ]

  @Test(arguments: durations)
  func durationsAreNanoseconds(_ text: String, _ nanoseconds: UInt64) throws {
    let setting = Setting<UInt64>.duration("idle", "")
    #expect(try SettingValues([setting], ["idle": text])[setting] == nanoseconds)
  }

  static let quantities: [(String, Quantity, Double)] = [
    ("100Gbps", .bitRate, 100e9), ("25Gbps", .bitRate, 25e9), ("10Mbps", .bitRate, 10e6),
    ("400KB", .size, 400_000), ("1MiB", .size, 1_048_576), ("9000B", .size, 9000),
    ("1.5KB", .size, 1500), ("10Mpps", .packetRate, 10e6), ("14.88Mpps", .packetRate, 14.88e6),
    ("20%", .share, 0.2), ("0.5%", .share, 0.005), ("100%", .share, 1),
  ]

  @Test(arguments: quantities)
  func quantitiesAreInTheirBaseUnit(_ text: String, _ quantity: Quantity, _ value: Double) throws {
    guard case .quantity(let found) = try SettingKind.quantity(quantity, 0...1e15).parse(text)
    else {
      Issue.record("not a quantity")
      return
    }
    #expect(found == value)
  }

  static let texts: [(Quantity, Double, String)] = [
    (.duration, 0, "0ns"), (.duration, 1e-6, "1us"), (.duration, 0.055, "55ms"),
    (.duration, 90, "1.5m"), (.duration, 3600, "1h"), (.size, 400_000, "400KB"),
    (.size, 1_048_576, "1MiB"), (.size, 65536, "64KiB"), (.size, 1501, "1501B"),
    (.bitRate, 100e9, "100Gbps"), (.bitRate, 2.5e9, "2.5Gbps"), (.share, 0.2, "20%"),
    (.packetRate, 10e6, "10Mpps"), (.size, .infinity, "no limit"), (.size, -5000, "-5KB"),
  ]

  @Test(arguments: texts)
  func quantitiesAreShownInTheUnitThatSuitsThem(
    _ quantity: Quantity, _ value: Double, _ text: String
  ) {
    #expect(quantity.text(for: value) == text)
  }

  static let duration = SettingKind.quantity(.duration, 1e-6...3600)
  static let size = SettingKind.quantity(.size, 64...(.infinity))
  static let small = SettingKind.integer(1...10)

  static let problems: [(String, SettingKind, String)] = [
    ("50", duration, "0+2 missing unit after 50 [write 50us, 50ms or 50s]"),
    ("0.2", .quantity(.share, 0...1), "0+3 missing unit after 0.2 [write 20%]"),
    ("20", .quantity(.share, 0...1), "0+2 missing unit after 20 [write 20%]"),
    (
      "10G", .quantity(.bitRate, 0...1e12),
      "2+1 unknown unit 'G' [the units are bps, Kbps, Mbps, Gbps or Tbps]"
    ),
    ("10GBPS", .quantity(.bitRate, 0...1e12), "2+4 unknown unit 'GBPS' [write 10Gbps]"),
    ("10 us", duration, "0+5 a unit follows its number without a space [write 10us]"),
    ("2h", duration, "0+2 2h is out of range: expected a duration from 1us to 1h"),
    ("-1s", duration, "0+3 -1s is out of range: expected a duration from 1us to 1h"),
    ("63B", size, "0+3 63B is out of range: expected a size such as 400KB, at least 64B"),
    ("64.5B", size, "0+5 64.5B is not a whole number of bytes"),
    ("1e3s", duration, "1+3 unknown unit 'e3s' [the units are ns, us, ms, s, m or h]"),
    ("1_000us", duration, "1+6 unknown unit '_000us' [the units are ns, us, ms, s, m or h]"),
    ("1.2.3s", duration, "0+6 expected a duration such as 50us, found '1.2.3s'"),
    (".5s", duration, "0+3 expected a duration such as 50us, found '.5s'"),
    ("", duration, "0+0 expected a duration such as 50us, found ''"),
    ("١us", duration, "0+3 expected a duration such as 50us, found '١us'"),
    ("11", small, "0+2 11 is out of range: expected a whole number from 1 to 10"),
    ("1.0", small, "0+3 expected a whole number from 1 to 10, found '1.0'"),
    ("-", small, "0+1 expected a whole number from 1 to 10, found '-'"),
    ("0x", small, "0+2 expected a whole number from 1 to 10, found '0x'"),
    (
      "99999999999999999999", .integer(0...Int.max),
      "0+20 99999999999999999999 is out of range: expected a whole number, at least 0"
    ),
    ("True", .boolean, "0+4 expected true or false, found 'True' [write true]"),
    ("off", .boolean, "0+3 expected true or false, found 'off' [write false]"),
    (
      "rde", .choice(["red", "step"]), "0+3 expected red or step, found 'rde' [did you mean 'red'?]"
    ),
    (
      "a b", .identifier, "1+1 ' ' cannot be part of a name [use letters, digits, '-', '_' and '.']"
    ),
    ("", .identifier, "0+0 expected a name, found nothing"),
    ("", .path, "0+0 expected a path, found nothing"),
    ("10.0.0", .ipv4Address, "0+6 expected an IPv4 address, found '10.0.0'"),
    ("10.0.0.1/8", .ipAddress, "0+10 expected an IPv4 or IPv6 address, found '10.0.0.1/8'"),
    ("zz", .macAddress, "0+2 expected a MAC address, found 'zz'"),
    ("a, 7us", .list(duration), "0+1 expected a duration such as 50us, found 'a'"),
    ("[7us, 8]", .list(duration), "6+1 missing unit after 8 [write 8us, 8ms or 8s]"),
    ("  ", .expression, "0+2 expected a condition over packet fields, found '  '"),
    ("x", .record([]), "0+1 expected a mapping, found 'x'"),
  ]

  @Test(arguments: problems)
  func aProblemHasItsPlaceAndItsFix(_ text: String, _ kind: SettingKind, _ problem: String) {
    #expect(outcome(text, kind) == problem)
  }

  @Test(arguments: ["0", "7", "0x10", "-3"])
  func integersAreDecimalOrHexadecimal(_ text: String) {
    let expected = ["0": 0, "7": 7, "0x10": 16, "-3": -3]
    #expect(outcome(text, .integer(-10...100)) == "integer(\(expected[text] ?? -1))")
  }

  @Test(arguments: [("a,b", 2), ("[a, b, c]", 3), ("[]", 0), ("", 0), ("a", 1)])
  func listsAreSeparatedByCommas(_ text: String, _ count: Int) throws {
    let setting = Setting<[String]>.list("ports", of: .port, "")
    #expect(try SettingValues([setting], ["ports": text])[setting].count == count)
  }

  @Test func commasInsideBracketsSeparateNothing() throws {
    let setting = Setting<[Expression]>.list("rules", of: .expression, "")
    let text = "ip.dscp in {24, 26}, udp"
    let rules = try SettingValues([setting], ["rules": text])[setting]
    #expect(rules.map(\.text) == ["ip.dscp in {24, 26}", "udp"])
  }

  @Test func anythingCanBeParsedWithoutHarm() {
    let kinds: [SettingKind] = [
      .boolean, Self.small, Self.duration, Self.size, .text, .identifier, .choice(["a"]), .path,
      .macAddress, .ipv4Address, .ipv6Address, .ipAddress, .ipPrefix, .port, .pipeline,
      .list(Self.duration), .list(.list(.identifier)), .record([]),
    ]
    let texts = [
      "", " ", "-", "--", "-0", "0x", "-0x1", "0xg", ".", "..", "-.", "1.", "%", "1%%", "]", "[",
      "[]]", ",", ",,", "[,]", "\"", "'", "é", "\u{301}", "👩‍👩‍👧", "1👩‍👩‍👧", "\r\n", "9223372036854775808",
      "-9223372036854775808", String(repeating: "9", count: 5000) + "s",
    ]
    for kind in kinds {
      for text in texts { #expect(!outcome(text, kind).isEmpty) }
    }
  }
}
