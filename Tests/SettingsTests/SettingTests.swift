// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Testing
import Wire

@Suite struct SettingTests {
  enum Curve: String, CaseIterable {
    case red, step
  }

  @Test func aDefaultHoldsWhereNothingIsGiven() throws {
    let every = Setting<Int>.integer("every", in: 1...1_000_000, default: 100, "One in this many")
    let values = try SettingValues([every])
    #expect(values[every] == 100)
    #expect(!values.isGiven(every))
  }

  @Test func anOptionalSettingIsNilWhereNothingIsGiven() throws {
    let limit = Setting<Int?>.integer("limit", "At most")
    #expect(try SettingValues([limit])[limit] == nil)
    #expect(try SettingValues([limit], ["limit": "7"])[limit] == 7)
  }

  @Test func aRequiredSettingMustBeGiven() {
    let error = #expect(throws: SettingsError.self) {
      try SettingValues([Setting<String>.port("port", "Where to")])
    }
    #expect(error?.message == "missing setting 'port'")
  }

  @Test func anUnknownSettingIsRefusedWithAProposal() {
    let error = #expect(throws: SettingsError.self) {
      try SettingValues([Setting<String?>.port("port", "Where to")], ["prot": "a"])
    }
    #expect(error?.fix == "did you mean 'port'?")
  }

  @Test func enumsAreChoicesByTheirRawValue() throws {
    let curve = Setting<Curve>.choice("curve", default: .red, "The shape")
    let other = Setting<Curve?>.choice("other", "Another one")
    let values = try SettingValues([curve, other], ["other": "step"])
    #expect(values[curve] == .red)
    #expect(values[other] == .step)
  }

  @Test func eachKindGivesItsSwiftType() throws {
    let promiscuous = Setting<Bool>.boolean("promiscuous", default: true, "")
    let rate = Setting<Double>.bitRate("rate", default: "100Gbps", "")
    let packets = Setting<Double>.packetRate("packets", default: "10Mpps", "")
    let capacity = Setting<Int>.size("capacity", default: "1MiB", "")
    let share = Setting<Double>.share("share", default: "20%", "")
    let mac = Setting<MACAddress>.mac("mac", default: "02:00:00:00:00:01", "")
    let source = Setting<IPv4Address>.ipv4("source", default: "10.0.0.1", "")
    let six = Setting<IPv6Address>.ipv6("six", default: "::1", "")
    let block = Setting<IPPrefix>.prefix("block", default: "10.9.0.0/16", "")
    let match = Setting<Expression>.expression("match", default: "udp", "")
    let times = Setting<[UInt64]>.list("times", of: .duration(), default: "[1us, 2us]", "")
    let values = try SettingValues([
      promiscuous, rate, packets, capacity, share, mac, source, six, block, match, times,
    ])
    #expect(values[promiscuous])
    #expect(values[rate] == 1e11)
    #expect(values[packets] == 1e7)
    #expect(values[capacity] == 1_048_576)
    #expect(values[share] == 0.2)
    #expect(values[mac].value == 0x0200_0000_0001)
    #expect(values[source].value == 0x0A00_0001)
    #expect(values[six].low == 1)
    #expect(values[block].length == 16)
    #expect(values[match].text == "udp")
    #expect(values[times] == [1000, 2000])
  }

  @Test func aRecordHasTheDefaultsOfItsOwnSettings() throws {
    let least = Setting<Int>.size("min", default: "400KB", "")
    let mark = Setting<SettingValues>.record("mark", [least], default: "{}", "")
    #expect(try SettingValues([mark])[mark][least] == 400_000)
  }

  @Test func namesAreGivenInTheOrderOfTheirWriting() throws {
    let names = ["ip.dscp", "eth.src", "udp.dst"]
    let settings = names.map { Setting<Int?>.integer($0, "") }
    let values = try SettingValues(settings, ["udp.dst": "1", "ip.dscp": "2"])
    #expect(values.given == ["udp.dst", "ip.dscp"])
  }

  @Test func aStagesComplaintStandsAtItsSetting() {
    let source = SourceText(name: "p.yaml", text: "min: 2KB\nmax: 1KB")
    let place = SourceLocation(source: source, line: 2, column: 6, length: 3)
    let most = Setting<Int>.size("max", "")
    var values = SettingValues()
    values.give(.quantity(1000), to: "max", at: place)
    let error = values.error(most, "must exceed 'min'", fix: "swap them")
    let elsewhere = SourceLocation(source: source, line: 1, column: 1, length: 1)
    #expect(
      values.diagnostic(for: error, elsewhere: elsewhere).text() == """
        p.yaml:2:6: error: must exceed 'min'
          max: 1KB
               ^~~
          fix: swap them
        """)
  }
}
