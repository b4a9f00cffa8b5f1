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

  @Test func aMemifClientFindsItsServerLaterAndAgain() {
    bench.write("client.yaml", wire: "null:", host: "memif:\(socket),role=client")
    bench.write("server.yaml", wire: "memif:\(socket),role=server", host: "null:")
    let client = bench.live("client.yaml --json")
    #expect(
      Run.until { client.errors.hasSuffix("port host waits for a memif server at \(socket)\n") })
    #expect(client.errors.split(separator: "\n").count == 2)

    for _ in 0..<2 {
      let server = bench.sluice("run server.yaml --packets 100 --duration 30s --json")
      #expect(server.wait() == .status(0), "\(server.errors)")
      #expect(server.faults == [])
      #expect(server.figures?.number("totals.receivedPackets") ?? 0 >= 100)
    }

    client.send(SIGTERM)
    #expect(client.wait() == .status(0), "\(client.errors)")
    #expect(client.faults == [])
    #expect(client.output.contains("port host: was connected to a memif server at"))
  }

  /// A run of a virtio_user server, once it says that it waits.
  func waiting(_ options: String = "") -> Run {
    bench.write("waits.yaml", wire: "virtio_user:\(socket),server", host: "null:")
    let run = bench.sluice("run waits.yaml --json" + options)
    _ = Run.until { run.errors.contains("port wire waits for a peer") || !run.isRunning }
    return run
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsTheWaitForAPeer(signal: Int32) {
    let run = waiting()
    #expect(Run.until { isListening(run) || !run.isRunning })
    run.send(signal)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(run.output.contains("port wire: no peer came to virtio_user:\(socket),server"))
    #expect(!bench.folder.names.contains("link.sock"))
  }

  @Test func theDurationEndsTheWaitForAPeer() {
    let run = waiting(" --duration 0.3s")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(!bench.folder.names.contains("link.sock"))
  }

  @Test func aSecondSignalRemovesTheSocketOfAWaitingPort() {
    let run = waiting()
    for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { run.send(signal) }
    #expect(run.wait() == .status(130))
    #expect(!bench.folder.names.contains("link.sock"))
  }

  @Test func aWaitingPortRunsWhenItsPeerComes() {
    let run = waiting(" --packets 100")
    bench.write("peer.yaml", wire: "null:size=100", host: "vhost:\(socket),client")
    let peer = bench.live("peer.yaml --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(run.figures?.number("totals.receivedPackets") ?? 0 >= 100)
    peer.send(SIGTERM)
    #expect(peer.wait() == .status(0), "\(peer.errors)")
    #expect(!bench.folder.names.contains("link.sock"))
  }

  @Test func aWaitingPortServesOnePeerAfterAnother() {
    bench.write("server.yaml", wire: "null:", host: "virtio_user:\(socket),server")
    bench.write("peer.yaml", wire: "vhost:\(socket),client", host: "null:no-rx")
    let server = bench.sluice("run server.yaml --json")
    for _ in 0..<2 {
      let peer = bench.sluice("run peer.yaml --packets 100 --duration 30s --json")
      #expect(peer.wait() == .status(0), "\(peer.errors)")
      #expect(peer.figures?.number("totals.receivedPackets") ?? 0 >= 100)
    }
    server.send(SIGTERM)
    #expect(server.wait() == .status(0), "\(server.errors)")
    #expect(server.faults == [])
    #expect(!bench.folder.names.contains("link.sock"))
  }
}
