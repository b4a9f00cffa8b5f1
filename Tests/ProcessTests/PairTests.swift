// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Two sluices that meet over shared memory: what one sends, the other receives.
struct PairTests {
  let bench = Workbench()

  @Test(
    arguments: [
      ("memif:SOCKET,role=server", "memif:SOCKET,role=client"),
      ("vhost:SOCKET", "virtio_user:SOCKET"),
    ])
  func packetsCrossFromOneProcessToAnother(server: String, client: String) throws {
    let socket = bench.folder.place("link.sock")
    let (server, client) = (
      server.replacing("SOCKET", with: socket), client.replacing("SOCKET", with: socket)
    )
    bench.write("receiver.yaml", wire: server, host: "pcap:out=host.pcap")
    bench.write("sender.yaml", wire: "pcap:in=Inputs/mixed.pcap,infinite", host: client)

    let receiver = bench.live("receiver.yaml --packets 100 --json")
    let sender = bench.live("sender.yaml --json")
    #expect(receiver.wait() == .status(0), "\(receiver.errors)")
    sender.send(SIGTERM)
    #expect(sender.wait() == .status(0), "\(sender.errors)")

    #expect(receiver.faults == [])
    #expect(sender.faults == [])
    let sent = Set(bench.packets("Inputs/mixed.pcap").map(\.bytes))
    let received = bench.packets("host.pcap").map(\.bytes)
    #expect(received.count >= 100)
    #expect(sent.isSuperset(of: received))
    #expect(Set(received).count == sent.count)
    #expect(!bench.folder.names.contains("link.sock"))
  }
}
