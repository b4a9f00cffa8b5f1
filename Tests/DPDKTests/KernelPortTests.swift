// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Testing

@testable import DPDK

/// Interfaces that the tests may make and remove.
enum TestInterfaces {
  static let left = "slu\(getpid())l"
  static let right = "slu\(getpid())r"
  static let tap = "slu\(getpid())t"

  /// Whether this process may make interfaces in its network namespace.
  static let areAllowed: Bool = {
    defer { run("ip", "link", "delete", left) }
    return run("ip", "link", "add", left, "type", "veth", "peer", "name", right)
  }()

  /// Whether the kernel knows the sockets that af_xdp: is made of; address family 44.
  static let haveExpressDataPath: Bool = {
    let descriptor = socket(44, Int32(SOCK_RAW.rawValue), 0)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }()

  static func withPair(mtu: Int = 1500, _ body: () throws -> Void) throws {
    #expect(run("ip", "link", "add", left, "type", "veth", "peer", "name", right))
    defer { run("ip", "link", "delete", left) }
    for name in [left, right] {
      // Without addresses the kernel says nothing by itself.
      run("ip", "link", "set", name, "addrgenmode", "none")
      run("ip", "link", "set", name, "mtu", "\(mtu)", "up")
    }
    try body()
  }
}

extension Running {
  @Suite(.enabled(if: TestInterfaces.areAllowed, "needs the right to make network interfaces"))
  struct KernelPortTests {
    func open(
      _ text: String, pool: PacketPool, _ adjust: (inout PortOptions) -> Void = { _ in }
    ) throws -> Port {
      var options = PortOptions()
      adjust(&options)
      let port = try Port.open(
        name: text, device: try Device.parse(text), options: options, pool: pool)
      try port.start()
      return port
    }

    @Test func packetSocketsCarryPacketsOverACable() throws {
      try Environment.withPool(packets: 4095) { pool in
        try TestInterfaces.withPair {
          let left = try open("af_packet:\(TestInterfaces.left)", pool: pool)
          let right = try open("af_packet:\(TestInterfaces.right)", pool: pool)
          let packets = (0..<200).map { frame($0, length: 60 + $0) }
          for start in stride(from: 0, to: 200, by: 50) {
            #expect(left.send(Array(packets[start..<start + 50])) == 50)
          }
          #expect(right.receiveAll(atLeast: 200, attempts: 1000) == packets)
          #expect(right.send([frame(1)]) == 1)
          #expect(left.receive(attempts: 1000) == [frame(1)])
          #expect(left.link.isUp)
          left.close()
          right.close()
        }
      }
    }

    @Test func packetSocketsCarryLargePackets() throws {
      let room = PacketPool.dataRoom(forMTU: 9000)
      try Environment.withPool(packets: 1023, dataRoom: room) { pool in
        try TestInterfaces.withPair(mtu: 9000) {
          let left = try open("af_packet:\(TestInterfaces.left)", pool: pool) { $0.mtu = 9000 }
          let right = try open("af_packet:\(TestInterfaces.right)", pool: pool) { $0.mtu = 9000 }
          let packet = frame(3, length: 9014)
          #expect(left.send([packet]) == 1)
          #expect(right.receive(attempts: 1000) == [packet])
          #expect(right.remarks == [])
          left.close()
          right.close()
        }
      }
    }

    /// Among them are those of other interfaces, which the driver hears until it is bound.
    @Test func packetsThatCameBeforeTheStartAreNotReceived() throws {
      try Environment.withPool(packets: 4095) { pool in
        try TestInterfaces.withPair {
          let left = try open("af_packet:\(TestInterfaces.left)", pool: pool)
          let device = try Device.parse("af_packet:\(TestInterfaces.right)")
          let right = try Port.open(
            name: "right", device: device, options: PortOptions(), pool: pool)
          #expect(left.send((0..<100).map { frame($0) }) == 100)
          try right.start()
          #expect(left.send([frame(100)]) == 1)
          #expect(right.receive(attempts: 1000) == [frame(100)])
          left.close()
          right.close()
        }
      }
    }

    @Test func packetsThatTheMachineSendsAreNotReceived() throws {
      try Environment.withPool(packets: 4095) { pool in
        try TestInterfaces.withPair {
          let port = try open("af_packet:\(TestInterfaces.left)", pool: pool)
          let other = try open("af_packet:\(TestInterfaces.right)", pool: pool)
          run("ip", "address", "add", "10.254.254.1/24", "dev", TestInterfaces.left)
          run("bash", "-c", "echo > /dev/udp/10.254.254.2/9")
          let question = other.receiveAll(atLeast: 1, attempts: 1000)
          #expect(question.first?.bytes[12..<14] == [0x08, 0x06])
          #expect(port.receive(attempts: 20) == [])
          for port in [port, other] { port.close() }
        }
      }
    }

    @Test func cutPacketsAreRemarked() throws {
      try Environment.withPool { pool in
        try TestInterfaces.withPair(mtu: 9000) {
          let port = try open("af_packet:\(TestInterfaces.left)", pool: pool)
          let name = TestInterfaces.left
          #expect(port.remarks == ["packets of \(name) that are longer than 1982 bytes are cut"])
          port.close()
        }
      }
    }

    @Test func interfacesMTUMustDo() throws {
      try Environment.withPool(dataRoom: PacketPool.dataRoom(forMTU: 9000)) { pool in
        try TestInterfaces.withPair {
          let error = #expect(throws: DPDKError.self) {
            try open("af_packet:\(TestInterfaces.left)", pool: pool) { $0.mtu = 9000 }
          }
          let name = TestInterfaces.left
          #expect(
            error?.cause == "interface \(name) has an MTU of 1500, the port asks for 9000")
          #expect(error?.advice == "ip link set dev \(TestInterfaces.left) mtu 9000")
        }
      }
    }

    @Test func packetSocketsHaveSeveralQueues() throws {
      try Environment.withPool(packets: 2047) { pool in
        try TestInterfaces.withPair {
          let port = try open("af_packet:\(TestInterfaces.left)", pool: pool) {
            $0.transmitQueues = 2
          }
          #expect(port.receiveQueues == 2)
          #expect(port.send([frame(1)], queue: 1) == 1)
          port.close()
        }
      }
    }

    @Test func interfaceIsPromiscuousForAsLongAsThePortIsOpen() throws {
      try Environment.withPool { pool in
        try TestInterfaces.withPair {
          let name = TestInterfaces.left
          let port = try open("af_packet:\(name)", pool: pool)
          #expect(system("ip -d link show \(name) | grep -q 'promiscuity 1'") == 0)
          port.close()
          #expect(system("ip -d link show \(name) | grep -q 'promiscuity 0'") == 0)
        }
      }
    }

    @Test(.enabled(if: TestInterfaces.haveExpressDataPath, "the kernel has no XDP sockets"))
    func expressDataPathCarriesPackets() throws {
      try Environment.withPool { pool in
        try TestInterfaces.withPair {
          let left = try open("af_xdp:\(TestInterfaces.left)", pool: pool)
          let right = try open("af_packet:\(TestInterfaces.right)", pool: pool)
          #expect(left.send([frame(1)]) == 1)
          #expect(right.receive(attempts: 1000) == [frame(1)])
          #expect(right.send([frame(2)]) == 1)
          #expect(left.receive(attempts: 1000) == [frame(2)])
          right.close()
          left.close()
        }
      }
    }

    @Test func interfaceMustHaveTheQueuesOfItsPort() throws {
      try Environment.withPool { pool in
        try TestInterfaces.withPair {
          let error = #expect(throws: DPDKError.self) {
            try open("af_xdp:\(TestInterfaces.left)", pool: pool) { $0.receiveQueues = 4 }
          }
          let name = TestInterfaces.left
          #expect(error?.operation == "open port af_xdp:\(name) (af_xdp:\(name))")
          #expect(error?.cause == "interface \(name) has 1 queue, the port asks for 4")
          #expect(error?.advice?.contains("ethtool -L \(name) combined 4") == true)
        }
      }
    }

    @Test func expressDataPathRefusesWhatDoesNotFitAPage() throws {
      try Environment.withPool { pool in
        try TestInterfaces.withPair(mtu: 9000) {
          let name = TestInterfaces.left
          let error = #expect(throws: DPDKError.self) { try open("af_xdp:\(name)", pool: pool) }
          #expect(
            error?.cause
              == "af_xdp: carries an MTU of at most 3434, interface \(name) has 9000")
          #expect(error?.advice?.contains("`mtu:`") == true)
        }
      }
    }

    @Test(.enabled(if: TestInterfaces.haveExpressDataPath, "the kernel has no XDP sockets"))
    func expressDataPathCarriesItsLargestPackets() throws {
      let mtu = DriverPools.longestMTU
      let room = PacketPool.dataRoom(forMTU: mtu)
      try Environment.withPool(packets: 1023, dataRoom: room) { pool in
        try TestInterfaces.withPair(mtu: mtu) {
          let left = try open("af_xdp:\(TestInterfaces.left)", pool: pool)
          let right = try open("af_packet:\(TestInterfaces.right)", pool: pool)
          let packet = frame(3, length: mtu + 14)
          #expect(left.send([packet]) == 1)
          #expect(right.receive(attempts: 1000) == [packet])
          #expect(right.send([packet]) == 1)
          #expect(left.receive(attempts: 1000) == [packet])
          right.close()
          left.close()
        }
      }
    }

    @Test func interfaceOfATapPortLivesAsLongAsThePort() throws {
      try Environment.withPool { pool in
        let port = try open("tap:\(TestInterfaces.tap)", pool: pool) { $0.mtu = 1400 }
        #expect(KernelInterface(TestInterfaces.tap)?.mtu == 1400)
        port.close()
        #expect(KernelInterface(TestInterfaces.tap) == nil)
      }
    }

    @Test func tapPortCarriesPacketsToAndFromTheKernel() throws {
      try Environment.withPool(packets: 2047) { pool in
        let tap = try open("tap:\(TestInterfaces.tap)", pool: pool)
        run("ip", "link", "set", TestInterfaces.tap, "addrgenmode", "none")
        let kernel = try open("af_packet:\(TestInterfaces.tap)", pool: pool)
        #expect(tap.send([frame(1)]) == 1)
        #expect(kernel.receiveAll(atLeast: 1, attempts: 1000).contains(frame(1)))
        #expect(kernel.send([frame(2)]) == 1)
        var received: [Frame] = []
        for _ in 0..<100 where !received.contains(frame(2)) {
          received += tap.receive(attempts: 20)
        }
        #expect(received.contains(frame(2)))
        kernel.close()
        tap.close()
      }
    }

    @Test func tapPortChainsLargePackets() throws {
      try Environment.withPool(packets: 4095) { pool in
        let tap = try open("tap:\(TestInterfaces.tap)", pool: pool) {
          $0.mtu = 9000
          $0.chainedBuffers = true
        }
        run("ip", "link", "set", TestInterfaces.tap, "addrgenmode", "none")
        let large = try PacketPool(
          name: "large", packets: 1023, dataRoom: PacketPool.dataRoom(forMTU: 9000))
        let kernel = try open("af_packet:\(TestInterfaces.tap)", pool: large) { $0.mtu = 9000 }
        #expect(kernel.send([frame(2, length: 9014)]) == 1)
        var received: [Frame] = []
        for _ in 0..<100 where !received.contains(frame(2, length: 9014)) {
          received += tap.receive(attempts: 20)
        }
        #expect(received.contains(frame(2, length: 9014)))
        kernel.close()
        tap.close()
        #expect(large.isComplete)
      }
    }

    @Test func tapPortDoesNotTakeAnInterfaceThatExists() throws {
      try Environment.withPool { pool in
        let error = #expect(throws: DPDKError.self) { try open("tap:lo", pool: pool) }
        #expect(error?.operation == "open port tap:lo (tap:lo)")
        #expect(error?.cause == "there is an interface lo already")
      }
    }
  }
}
