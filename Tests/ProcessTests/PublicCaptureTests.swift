// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// Packets that others made, many of them to break programs that read packets.
struct PublicCaptureTests {
  let bench = Workbench()

  private static let folder = Place.captures + "/public"
  private static let areHere = !Folder.names(in: folder).isEmpty && Ability.has("capinfos")

  /// Other link types, another file format.
  private static let unreadable = [
    "cve2015-0261", "dsa-high-vid", "edsa", "ipoib",
    "llc-xid", "link-type-160",
  ]

  private static let names = Folder.names(in: folder).filter { name in
    (name.hasSuffix(".pcap") || name.hasSuffix(".pcapng"))
      && !unreadable.contains { name.contains($0) }
  }

  @Test(
    .enabled(if: areHere, "no public captures, or no capinfos"),
    arguments: ["send.yaml", "rewrite.yaml"])
  func noPacketOfAnyIsLost(pipeline: String) throws {
    bench.folder.link("public", to: Self.folder)
    bench.write(
      "rewrite.yaml", wire: "null:", host: "null:", "parse", "set: {pop-vlan: true}",
      "set: {push-vlan: {id: 9}, ip.ttl: 3, ip.ecn: CE, udp.src: 9, tcp.dst: 8}",
      "set: {ip.dst: 192.0.2.1}", "set: {ip.src: '2001:db8::1', pop-vlan: true}")
    let inputs = Self.names.map { "--in wire=public/\($0)" }.joined(separator: " ")

    let run = bench.sluice(
      "replay \(pipeline) \(inputs) --out host=out.pcapng --drops drops.pcapng --json")

    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    let counted = bench.shell("capinfos -TrcM public/*.pcap public/*.pcapng 2> /dev/null")
    counted.wait()
    let counts = counted.output.split(separator: "\n").map { $0.split(separator: "\t") }
      .filter { line in Self.names.contains { line[0] == "public/\($0)" } }
      .compactMap { $0.last.flatMap { Int($0) } }
    #expect(counts.count == Self.names.count)
    #expect(run.figures?.number("totals.receivedPackets") == counts.reduce(0, +))
    let written = bench.packets("out.pcapng").count + bench.packets("drops.pcapng").count
    #expect(written == counts.reduce(0, +))
  }
}
