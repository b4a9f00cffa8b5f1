// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Ports that listen on socket files, beside others that do.
struct SocketTests {
  let bench = Workbench()
  var socket: String { bench.folder.place("link.sock") }

  func isListening(_ run: Run) -> Bool { bench.folder.names.contains("link.sock") && run.isRunning }

  @Test(arguments: ["memif:SOCKET,role=server", "vhost:SOCKET"])
  func aSecondServerLeavesTheFirstAlone(device: String) {
    let device = device.replacing("SOCKET", with: socket)
    bench.write("first.yaml", wire: "null:no-rx", host: device)
    bench.write("second.yaml", wire: device, host: "null:")
    let first = bench.live("first.yaml --json")
    #expect(isListening(first))

    let second = bench.sluice("run second.yaml --duration 1s")

    #expect(second.wait() == .status(1))
    #expect(
      second.errors.contains(
        "cannot open port wire (\(device)): another process serves this socket\n  fix: "))
    #expect(isListening(first))
    first.send(SIGTERM)
    #expect(first.wait() == .status(0), "\(first.errors)")
    #expect(first.faults == [])
    #expect(!bench.folder.names.contains("link.sock"))
  }

  @Test func twoPortsShareOneMemifSocket() {
    bench.write(
      "server.yaml", wire: "memif:\(socket),role=server,id=0",
      host: "memif:\(socket),role=server,id=1")
    bench.write("sender.yaml", wire: "null:", host: "memif:\(socket),role=client,id=0")
    bench.write("receiver.yaml", wire: "memif:\(socket),role=client,id=1", host: "null:")
    let server = bench.live("server.yaml --json")
    let sender = bench.live("sender.yaml --json")

    let receiver = bench.sluice("run receiver.yaml --packets 100 --duration 30s --json")

    #expect(receiver.wait() == .status(0), "\(receiver.errors)")
    #expect(receiver.figures?.number("totals.receivedPackets") ?? 0 >= 100)
    for run in [sender, server] {
      run.send(SIGTERM)
      #expect(run.wait() == .status(0), "\(run.errors)")
      #expect(run.faults == [])
    }
    #expect(!bench.folder.names.contains("link.sock"))
  }
}
