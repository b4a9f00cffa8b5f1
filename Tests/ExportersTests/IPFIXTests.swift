// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Telemetry
import Testing

@testable import Exporters

struct IPFIXTests {
  let receiver = UDPReceiver()
  let folder = TemporaryFolder()

  func exporter(
    at port: UInt16? = nil, host: String = "127.0.0.1", queuePairs: Int = 1000
  ) throws -> IPFIXExporter {
    let address = try #require(SocketAddress("\(host):\(port ?? receiver.port)"))
    return IPFIXExporter(
      collector: address, interval: 1_000_000_000, enterprise: 32_473, domain: 7,
      queuePairs: queuePairs)
  }

  /// The made snapshot with its second queue pair on IPv6, and a number of its own in each metric.
  func snapshot() -> NICSnapshot {
    var snapshot = NICSnapshot.made()
    snapshot.telemetry?.queuePairs[1].name = QueuePairName(
      source: "2001:db8::1", destination: "2001:db8::2", queuePair: 2, tunnel: 77)
    for (place, metric) in Metric.allCases.enumerated() where ![.packets, .bytes].contains(metric) {
      snapshot.telemetry?.queuePairs[0].values[metric] = UInt64(1000 + place)
    }
    return snapshot
  }

  /// What tshark reads in the datagrams: of each data record the values of a field.
  func tshark(_ datagrams: [[UInt8]], _ fields: String...) -> [[String]] {
    folder.write(capture(of: datagrams), to: "ipfix.pcap")
    let words = ["tshark", "-r", "ipfix.pcap", "-T", "fields", "-E", "occurrence=a"]
    let run = Run(words + fields.flatMap { ["-e", $0] }, in: folder)
    #expect(run.wait() == .status(0), "\(run.errors)")
    return run.output.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test(.enabled(if: Ability.has("tshark"), "tshark is not installed"))
  func tsharkReadsWhatIANADefines() throws {
    let exporter = try exporter()
    exporter.export(snapshot())
    #expect(exporter.problem == nil)
    let packets = tshark(
      receiver.datagrams(), "cflow.srcaddr", "cflow.srcaddrv6", "cflow.dstaddrv6",
      "cflow.packets", "cflow.octets", "cflow.dstport", "cflow.protocol", "cflow.od_id",
      "cflow.flow_end_reason", "_ws.malformed")
    let records = packets.filter { !$0[3].isEmpty }
    // Both are in one packet.
    #expect(
      records == [
        [
          "10.0.0.1", "2001:db8::1", "2001:db8::2", "20,10", "19720,9860", "4791,4791", "17,17",
          "7", "2,2", "",
        ]
      ])
  }

  /// Read here by the template that was sent, and by nothing else.
  @Test func elementsForRoCEHaveTheirNumbers() throws {
    try exporter().export(snapshot())
    let reader = IPFIXReader(receiver.datagrams())
    let first = try #require(reader.records.first)
    #expect(reader.records.count == 2)
    for (number, metric) in IPFIXElement.metricNumbers {
      let place = try #require(Metric.allCases.firstIndex(of: metric))
      #expect(first.own[number] == UInt64(1000 + place), "\(metric)")
    }
    let second = reader.records[1]
    #expect([1, 2, 3, 4, 5, 6].map { second.own[$0] } == [2, 0, 77, 10_000, 10_000, 10])
    #expect(second.own[22] == 2 && second.own[30] == 3, "of 10 packets a fifth is marked")
    #expect(second.standard[152] == 1_700_000_000_000)
    #expect(second.standard[153] == 1_700_000_000_200)
    #expect(second.standard[352] == 10_000)
  }

  @Test func aRecordTellsWhatCameSinceTheLast() throws {
    let exporter = try exporter()
    var snapshot = snapshot()
    exporter.export(snapshot)
    _ = receiver.datagrams()
    snapshot.telemetry?.queuePairs[1].values[.packets] = 17
    snapshot.telemetry?.queuePairs[1].values[.bytes] = 17_000
    snapshot.telemetry?.queuePairs[1].lastSeen += 1_000_000_000
    exporter.finish(snapshot)
    let records = IPFIXReader(receiver.datagrams()).records
    #expect(records.count == 1, "the other one had no packets")
    #expect([2, 352, 136, 152].map { records[0].standard[$0] } == [7, 7000, 4, 1_700_000_000_200])
    #expect(records[0].own[6] == 17)
    #expect(records[0].own[22] == 0, "none was marked since")
  }

  @Test func countsThatBeganAnewAreToldWhole() throws {
    let exporter = try exporter()
    var snapshot = snapshot()
    exporter.export(snapshot)
    _ = receiver.datagrams()
    snapshot.telemetry?.queuePairs[1].values[.packets] = 3
    exporter.export(snapshot)
    #expect(IPFIXReader(receiver.datagrams()).records.map { $0.standard[2] } == [3])
  }

  @Test func addressesThatAreNotIPAreLeftOut() throws {
    var snapshot = snapshot()
    snapshot.telemetry?.queuePairs[0].name = QueuePairName(
      source: "LID 7", destination: "LID 9", queuePair: 3)
    try exporter().export(snapshot)
    #expect(IPFIXReader(receiver.datagrams()).records.map { $0.own[1] } == [2])
  }

  @Test func noMoreQueuePairsThanAskedFor() throws {
    try exporter(queuePairs: 5).export(.made(queuePairs: 40))
    #expect(IPFIXReader(receiver.datagrams()).records.count == 5)
  }

  /// Over UDP nobody says so, and libfixbuf takes what the kernel says for no error.
  @Test func aCollectorThatComesLaterGetsWhatCameSince() throws {
    let port = receiver.port
    // Others have that port at another address of this machine, if at all.
    let exporter = try exporter(host: "127.0.0.2")
    var snapshot = NICSnapshot.made(queuePairs: 20)
    exporter.export(snapshot)
    let late = UDPReceiver(at: 0x7f00_0002, port: port)
    for number in 0..<20 { snapshot.telemetry?.queuePairs[number].values[.packets] += 5 }
    exporter.export(snapshot)
    exporter.export(snapshot)
    let records = IPFIXReader(late.datagrams()).records
    #expect(!records.isEmpty && records.allSatisfy { $0.standard[2] == 5 })
  }

  @Test func everyElementHasANumberOfItsOwnAndTemplatesAreShort() {
    let own = (IPFIXElement.identity + IPFIXElement.metrics).map(\.number)
    #expect(Set(own).count == own.count)
    #expect(IPFIXElement.all(isIPv6: true).count <= 60)
  }

  @Test(.enabled(if: Ability.has("nfcapd"), "nfcapd of the package nfdump is not installed"))
  func nfdumpReadsTheFlows() throws {
    let port = UDPReceiver.freePort()
    let collector = Run(
      [
        "sh", "-c",
        "mkdir flows; exec nfcapd -p \(port) -b 127.0.0.1 -l '\(folder.place("flows"))' -t 3600",
      ], in: folder)
    #expect(Run.until { UDPReceiver.isBound(port) || !collector.isRunning })

    let exporter = try exporter(at: port)
    exporter.export(snapshot())
    exporter.finish(snapshot())
    #expect(Run.until { UDPReceiver.unread(port) == 0 })
    collector.send(SIGTERM)
    collector.wait()

    #expect(collector.errors.contains("Flows: 2, Packets: 30, Bytes: 29580"), "\(collector.errors)")
    #expect(collector.errors.contains("Sequence Errors: 0, Bad Packets: 0"))
    let dump = Run(
      ["nfdump", "-q", "-N", "-R", folder.place("flows"), "-o", "fmt:%pr %sa %da %dp %pkt %byt"],
      in: folder)
    dump.wait()
    let flows = dump.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(
      flows == [
        ["17", "10.0.0.1", "10.0.1.1", "4791", "20", "19720"],
        ["17", "2001:db8::1", "2001:db8::2", "4791", "10", "9860"],
      ])
  }
}
