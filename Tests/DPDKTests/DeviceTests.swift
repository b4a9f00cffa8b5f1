// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import DPDK

/// What a device string makes DPDK do.
struct Expectation: Sendable, CustomTestStringConvertible {
  let text: String
  let driver: String?
  let arguments: String
  var testDescription: String { text }

  init(_ text: String, _ driver: String?, _ arguments: String) {
    self.text = text
    self.driver = driver
    self.arguments = arguments
  }
}

/// What is wrong with a device string, and the part of it that is pointed to.
struct Complaint: Sendable, CustomTestStringConvertible {
  let text: String
  let message: String
  let part: String
  let fix: String?
  var testDescription: String { text }

  init(_ text: String, _ message: String, at part: String, fix: String?) {
    self.text = text
    self.message = message
    self.part = part
    self.fix = fix
  }
}

/// Too long for the kernel's address of a socket.
private let long = String(repeating: "x", count: 107)

@Suite struct DeviceTests {
  @Test(arguments: [
    Expectation("null:", "net_null", ""),
    Expectation("null:size=1024,copy", "net_null", "size=1024,copy=1"),
    Expectation("pcap:in=a.pcap,out=b.pcap", "net_pcap", "rx_pcap=a.pcap,tx_pcap=b.pcap"),
    Expectation("pcap:in=a.pcap,infinite", "net_pcap", "rx_pcap=a.pcap,infinite_rx=1"),
    Expectation(
      "af_xdp:eth0,start_queue=2", "net_af_xdp", "iface=eth0,start_queue=2,queue_count=2"),
    Expectation("tap:sluice0", "net_tap", "iface=sluice0"),
    Expectation("vhost:/run/v.sock,client", "net_vhost", "iface=/run/v.sock,client=1,queues=2"),
    Expectation("vhost:/run/v.sock,queues=8", "net_vhost", "iface=/run/v.sock,queues=8"),
    Expectation("virtio_user:/run/v.sock", "net_virtio_user", "path=/run/v.sock,queues=2"),
    Expectation(
      "memif:/run/m.sock,role=client,id=3", "net_memif",
      "socket=/run/m.sock,socket-abstract=no,role=client,id=3"),
    Expectation("memif:@m,role=server", "net_memif", "socket=m,socket-abstract=yes,role=server"),
    Expectation(
      "af_packet:eth0", "net_af_packet", "iface=eth0,qpairs=2,framesz=9216,blocksz=36864"),
  ])
  func deviceStringsBecomeDriverArguments(_ expected: Expectation) throws {
    let device = try Device.parse(expected.text)
    var options = PortOptions()
    options.receiveQueues = 2
    #expect(device.kind.driver == expected.driver)
    let arguments = device.driverArguments(
      options, queues: 2, dataRoom: PacketPool.dataRoom(forMTU: 9000))
    #expect(arguments == expected.arguments)
  }

  @Test(arguments: [
    ("pci:3b:00.0", "0000:3b:00.0"), ("pci:0000:3B:00.1,rx_vec_en=0", "0000:3b:00.1"),
    ("ring:loop", "loop"), ("dpdk:net_null0,size=64", "net_null0,size=64"), ("pcap:a=b", "a=b"),
  ])
  func targetsAreFound(text: String, target: String) throws {
    #expect(try Device.parse(text).target == target)
  }

  @Test(arguments: [
    Complaint("", "unknown kind of device ``", at: "", fix: nil),
    Complaint("nul:", "unknown kind of device `nul`", at: "nul", fix: "did you mean \"null:\"?"),
    Complaint(
      "afpacket:eth0", "unknown kind of device `afpacket`", at: "afpacket",
      fix: "did you mean \"af_packet:\"?"),
    Complaint("null", "`null` needs a colon after it", at: "null", fix: "write \"null:\""),
    Complaint(
      "tap:", "tap: needs an interface", at: "tap:", fix: "for example \(DeviceKind.tap.example)"),
    Complaint(
      "pcap:", "pcap: needs a file", at: "pcap:", fix: "for example \(DeviceKind.pcap.example)"),
    Complaint(
      "pcap:a.pcap,infinte", "pcap: has no `infinte`", at: "infinte",
      fix: "did you mean `infinite`?"),
    Complaint(
      "pcap:out=a,infinite", "`infinite` needs a file to receive from", at: "pcap:out=a,infinite",
      fix: "add in=FILE"),
    Complaint(
      "pci:eth0", "`eth0` is not a PCI address", at: "pci:eth0",
      fix: "for example pci:0000:3b:00.0"),
    Complaint(
      "null:size=70000", "`size` is a number from 1 to 65535", at: "size=70000", fix: nil),
    Complaint("null:size=", "`size=` lacks a value", at: "size=", fix: "write key=value"),
    Complaint(
      "null:bogus=1", "null: has no `bogus`", at: "bogus", fix: "it has size, copy, no-rx"),
    Complaint(
      "vhost:/v,quues=2", "vhost: has no `quues`", at: "quues", fix: "did you mean `queues`?"),
    Complaint(
      "vhost:/" + long, "the path of a socket has 107 bytes at most", at: "/" + long, fix: nil),
    Complaint("null:=3", "`=3` lacks a key", at: "=3", fix: "write key=value"),
    Complaint(
      "ring:rx=a", "a ring needs both rx and tx", at: "ring:rx=a",
      fix: "for example ring:rx=east,tx=west"),
    Complaint("ring:a,depth=5", "ring: has no `depth`", at: "depth", fix: "it has rx, tx"),
    Complaint(
      "memif:/m", "memif: needs a role", at: "memif:/m", fix: "add role=server or role=client"),
    Complaint(
      "memif:/m,role=master", "`master` is not a role", at: "role=master",
      fix: "did you mean role=server?"),
    Complaint(
      "tap:a-name-that-is-too-long", "`a-name-that-is-too-long` cannot be an interface's name",
      at: "a-name-that-is-too-long",
      fix: "a name has 15 characters at most, and no space or slash"),
    Complaint(
      "null:size=1,size=2", "`size` is given twice", at: "size", fix: "keep one of them"),
    Complaint(
      "dpdk:", "dpdk: needs device arguments", at: "dpdk:",
      fix: "for example dpdk:net_null0,size=64"),
  ])
  func problemsPointToTheirPlace(_ expected: Complaint) {
    let problem = #expect(throws: DeviceProblem.self) { try Device.parse(expected.text) }
    guard let problem else { return }
    #expect(problem.message == expected.message)
    let bytes = expected.text.utf8.dropFirst(problem.offset).prefix(problem.length)
    #expect(String(decoding: bytes, as: UTF8.self) == expected.part)
    if let fix = expected.fix { #expect(problem.fix == fix) }
  }

  @Test func offsetsCountBytesBehindOtherLetters() {
    let problem = #expect(throws: DeviceProblem.self) { try Device.parse("pcap:é,wrong") }
    #expect(problem?.offset == "pcap:é,".utf8.count)
  }

  @Test(arguments: DeviceKind.all)
  func examplesAreValid(kind: DeviceKind) throws {
    #expect(try Device.parse(kind.example).kind == kind)
  }

  @Test(arguments: [
    String(repeating: ":", count: 5000), String(repeating: ",", count: 5000), "pcap:\0",
    "null:\0=\0",
    "pci:::::::", "pci:.:.:.", String(repeating: "x", count: 100_000), "pci:0000:3b:00:0", "é:",
    "null:" + String(repeating: "a=b,", count: 5000),
  ])
  func hostileStringsAreAnsweredWithAProblemOrADevice(text: String) {
    _ = try? Device.parse(text)
  }

  @Test func randomStringsAreAnsweredWithAProblemInsideThem() {
    let pieces = [
      "pci", "null", "pcap", "ring", "memif", "tap", "af_packet", "dpdk", "vhost", ":", ":", ",",
      "=", "in=", "rx=", "tx=", "role=", "size=", "0", "3b:00.0", "é", "\0", " ", "/", ".",
      "infinite",
    ]
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<3_000 {
      let text = (0...next(8)).map { _ in pieces[next(pieces.count)] }.joined()
      do {
        let device = try Device.parse(text)
        #expect(device.text == text)
        _ = device.driverArguments(PortOptions(), queues: 1, dataRoom: 2176)
      } catch {
        #expect(error.offset >= 0 && error.length > 0)
        #expect(error.offset + error.length <= max(text.utf8.count, 1) + 1, "\(text)")
      }
    }
  }

  @Test(arguments: [
    ("vhost:/run/v.sock", "vhost:/run//./v.sock"), ("vhost:/v,client", "virtio_user:/v"),
    ("vhost:/v", "virtio_user:/v,server=1"), ("af_packet:eth0", "af_xdp:eth0"),
    ("tap:sluice0", "tap:sluice0,remote=eth0"), ("pci:3b:00.0", "pci:0000:3B:00.0,rx_vec_en=0"),
    ("pci:3b:00.0", "dpdk:3b:00.0"), ("dpdk:net_null0,size=64", "dpdk:net_null0"),
    ("memif:m,role=server", "memif:./m,role=server,id=0"),
  ])
  func devicesThatExcludeEachOther(first: String, second: String) throws {
    let belonging = try Device.parse(first).belonging
    #expect(try belonging == Device.parse(second).belonging)
    #expect(belonging != nil)
  }

  @Test(arguments: [
    ("vhost:/v", "virtio_user:/v"), ("memif:/m,role=server", "memif:/m,role=client"),
    ("memif:/m,role=server", "memif:/m,role=server,id=1"), ("tap:a", "af_packet:a"),
    ("memif:/m,role=server", "memif:@m,role=server"), ("vhost:/v", "vhost:v"),
  ])
  func devicesThatMayBeSideBySide(first: String, second: String) throws {
    let belonging = try Device.parse(first).belonging
    #expect(try belonging != Device.parse(second).belonging)
    #expect(belonging != nil)
  }

  @Test(arguments: ["null:", "pcap:in=a", "ring:a", "virtio_user:/dev/vhost-net"])
  func devicesOfWhichThereAreManyBelongToNobody(text: String) throws {
    #expect(try Device.parse(text).belonging == nil)
  }

  @Test(arguments: [
    ("dpdk:net_tap0,iface=a", "tap"), ("dpdk:net_af_packet1", "af_packet"),
    ("dpdk:0000:3b:00.0", "pci"), ("dpdk:net_virtio_user0", "virtio_user"),
  ])
  func devicesInDPDKsWordsNeedWhatTheirLikeNeed(text: String, prefix: String) throws {
    #expect(try Device.parse(text).likeness?.kind.prefix == prefix)
  }

  @Test func captureFileIsNotReadAndWrittenAtOnce() throws {
    let device = try Device.parse("pcap:a.pcap")
    try device.check(.receives)
    try device.check(.transmits)
    let problem = #expect(throws: DeviceProblem.self) {
      try device.check([.receives, .transmits])
    }
    #expect(problem?.fix == "write pcap:in=a.pcap,out=OTHER-FILE")
  }

  @Test func useDecidesWhatACaptureFileIsFor() throws {
    let device = try Device.parse("pcap:a.pcap")
    var options = PortOptions()
    options.use = .receives
    #expect(device.driverArguments(options, queues: 1, dataRoom: 2176) == "rx_pcap=a.pcap")
    options.use = .transmits
    #expect(device.driverArguments(options, queues: 1, dataRoom: 2176) == "tx_pcap=a.pcap")
  }
}
