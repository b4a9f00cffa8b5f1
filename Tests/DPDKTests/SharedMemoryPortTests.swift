// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Testing

@testable import DPDK

extension Running {
  /// Ports that meet another program: here both ends are ours.
  @Suite struct SharedMemoryPortTests {
    func open(_ text: String, pool: PacketPool, mtu: Int? = nil) throws -> Port {
      var options = PortOptions()
      options.mtu = mtu
      let port = try Port.open(
        name: text, device: try Device.parse(text), options: options, pool: pool)
      try port.start()
      return port
    }

    func exchange(_ left: Port, _ right: Port, length: Int = 1514) {
      #expect(untilTrue { left.link.isUp && right.link.isUp })
      // A memif client offers its buffers when it first asks for packets.
      #expect(left.receive() + right.receive() == [])
      #expect(left.send([frame(1), frame(2, length: length)]) == 2)
      #expect(right.receive(attempts: 1000) == [frame(1), frame(2, length: length)])
      #expect(right.send([frame(3)]) == 1)
      #expect(left.receive(attempts: 1000) == [frame(3)])
    }

    func untilTrue(_ condition: () -> Bool) -> Bool {
      for _ in 0..<2000 {
        if condition() { return true }
        usleep(1000)
      }
      return false
    }

    @Test func memifServerAndClientMeetAtAFile() throws {
      let directory = TemporaryDirectory()
      let socket = directory.path + "/memif.sock"
      try Environment.withPool(packets: 8191) { pool in
        let server = try open("memif:\(socket),role=server,id=1", pool: pool)
        let client = try open("memif:\(socket),role=client,id=1", pool: pool)
        exchange(server, client)
        client.close()
        server.close()
      }
      #expect(access(socket, F_OK) != 0)
    }

    @Test func memifServerAndClientMeetAtAName() throws {
      try Environment.withPool(packets: 8191) { pool in
        let server = try open("memif:@sluice-test-\(getpid()),role=server", pool: pool)
        let client = try open("memif:@sluice-test-\(getpid()),role=client", pool: pool)
        exchange(server, client)
        client.close()
        server.close()
      }
    }

    @Test func vhostServesAVirtioUser() throws {
      let directory = TemporaryDirectory()
      let socket = directory.path + "/vhost.sock"
      try Environment.withPool(packets: 4095) { pool in
        let vhost = try open("vhost:\(socket)", pool: pool)
        let virtio = try open("virtio_user:\(socket)", pool: pool)
        exchange(virtio, vhost)
        virtio.close()
        vhost.close()
      }
      #expect(access(socket, F_OK) != 0)
    }

    @Test func sharedMemoryCarriesLargePackets() throws {
      let directory = TemporaryDirectory()
      let (vhostSocket, memifSocket) = (directory.path + "/v.sock", directory.path + "/m.sock")
      let room = PacketPool.dataRoom(forMTU: 9000)
      try Environment.withPool(packets: 8191, dataRoom: room) { pool in
        let vhost = try open("vhost:\(vhostSocket)", pool: pool, mtu: 9000)
        let virtio = try open("virtio_user:\(vhostSocket)", pool: pool, mtu: 9000)
        exchange(virtio, vhost, length: 9014)
        virtio.close()
        vhost.close()
        let server = try open("memif:\(memifSocket),role=server", pool: pool, mtu: 9000)
        let client = try open("memif:\(memifSocket),role=client", pool: pool, mtu: 9000)
        exchange(server, client, length: 9014)
        client.close()
        server.close()
      }
    }

    @Test func vhostClientWaitsForItsServer() throws {
      let directory = TemporaryDirectory()
      try Environment.withPool(packets: 4095) { pool in
        let vhost = try open("vhost:\(directory.path)/later.sock,client", pool: pool)
        #expect(!vhost.link.isUp)
        vhost.close()
      }
    }

    @Test func socketLeftByADeadProcessIsReplaced() throws {
      let directory = TemporaryDirectory()
      let socket = directory.path + "/stale.sock"
      leaveSocket(at: socket)
      #expect(access(socket, F_OK) == 0)
      try Environment.withPool(packets: 4095) { pool in
        try open("vhost:\(socket)", pool: pool).close()
      }
    }

    @Test(arguments: ["vhost:SOCKET", "memif:SOCKET,role=server"])
    func socketThatSomebodyServesIsLeftAlone(device: String) throws {
      let directory = TemporaryDirectory()
      let socket = directory.path + "/busy.sock"
      try Environment.withPool(packets: 4095) { pool in
        let first = try open(device.replacing("SOCKET", with: socket), pool: pool)
        let mark = LogMark()
        #expect(ListeningSocket.isServed(socket))
        ListeningSocket.removeIfStale(socket)
        #expect(access(socket, F_OK) == 0)
        #expect(mark.lines() == [])
        first.close()
      }
    }

    @Test func memifServersShareASocketFile() throws {
      let directory = TemporaryDirectory()
      let socket = directory.path + "/memif.sock"
      try Environment.withPool(packets: 8191) { pool in
        let servers = try (0..<2).map {
          try open("memif:\(socket),role=server,id=\($0)", pool: pool)
        }
        let client = try open("memif:\(socket),role=client,id=1", pool: pool)
        exchange(servers[1], client)
        servers[0].close()
        #expect(access(socket, F_OK) == 0)
        client.close()
        servers[1].close()
      }
      #expect(access(socket, F_OK) != 0)
    }

    /// A socket file without a process that listens.
    func leaveSocket(at path: String) {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      _ = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      close(descriptor)
    }
  }
}
