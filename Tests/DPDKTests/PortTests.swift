// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Glibc
import Testing

extension Running {
  @Suite struct PortTests {
    func open(
      _ text: String, pool: PacketPool, name: String = "wire", use: Device.Use? = nil,
      _ adjust: (inout PortOptions) -> Void = { _ in }
    ) throws -> Port {
      var options = PortOptions()
      if let use { options.use = use }
      adjust(&options)
      return try Port.open(
        name: name, device: try Device.parse(text), options: options, pool: pool)
    }

    @Test func nullPortsCarryPackets() throws {
      try Environment.withPool { pool in
        let source = try open("null:size=200", pool: pool)
        let sink = try open("null:", pool: pool, name: "sink")
        try source.start()
        try sink.start()
        let packets = source.receive()
        #expect(packets.count == 64)
        #expect(packets.allSatisfy { $0.count == 200 })
        #expect(sink.send(packets) == 64)
        #expect(source.statistics.receivedPackets == 64)
        #expect(sink.statistics.sentPackets == 64)
        #expect(source.driverName == "net_null")
        sink.close()
        source.close()
      }
    }

    @Test(.enabled(if: access(captures, R_OK) == 0, "the shared captures are not here"))
    func captureFilesComeOutAsTheyWentIn() throws {
      let directory = TemporaryDirectory()
      let input = captures + "/oferby-roce.pcap"
      let output = directory.path + "/out.pcap"
      try Environment.withPool { pool in
        let port = try open("pcap:in=\(input),out=\(output)", pool: pool)
        try port.start()
        while case let burst = port.receive(), !burst.isEmpty { #expect(port.send(burst) > 0) }
        port.close()
      }
      let expected = packetsOfCapture(input)
      #expect(expected.count > 50)
      #expect(packetsOfCapture(output) == expected)
    }

    @Test(.enabled(if: access(captures, R_OK) == 0, "the shared captures are not here"))
    func infiniteCaptureFileBeginsAgain() throws {
      try Environment.withPool { pool in
        let input = captures + "/secdev-roce.uts-cnp-connectx4lx.pcap"
        let port = try open("pcap:\(input),infinite", pool: pool, use: .receives)
        try port.start()
        #expect(port.receive().count == 64)
        #expect(port.receive().count == 64)
        port.close()
      }
    }

    @Test func ringReturnsWhatIsSent() throws {
      try Environment.withPool { pool in
        let port = try open("ring:loop", pool: pool)
        try port.start()
        #expect(port.send([frame(1), frame(2)]) == 2)
        #expect(port.receive() == [frame(1), frame(2)])
        port.close()
      }
    }

    @Test func twoRingsAreACable() throws {
      try Environment.withPool { pool in
        let left = try open("ring:rx=west,tx=east", pool: pool, name: "left")
        let right = try open("ring:rx=east,tx=west", pool: pool, name: "right")
        try left.start()
        try right.start()
        #expect(left.send([frame(1)]) == 1)
        #expect(right.receive() == [frame(1)])
        #expect(left.receive() == [])
        #expect(right.send([frame(2)]) == 1)
        #expect(left.receive() == [frame(2)])
        left.close()
        right.close()
      }
    }

    @Test func packetsInACableComeBackWhenTheLastEndIsClosed() throws {
      try Environment.withPool { pool in
        let left = try open("ring:rx=west,tx=east", pool: pool, name: "left")
        let right = try open("ring:rx=east,tx=west", pool: pool, name: "right")
        try left.start()
        #expect(left.send([frame(1), frame(2)]) == 2)
        left.close()
        #expect(pool.available == pool.capacity - 2)
        right.close()
      }
    }

    @Test func portsAreMadeAgainAfterRemoval() throws {
      try Environment.withPool { pool in
        for _ in 0..<20 {
          let port = try open("null:", pool: pool)
          let cable = try open("ring:again", pool: pool, name: "cable")
          try port.start()
          try cable.start()
          #expect(cable.send(port.receive()) == 64)
          port.close()
          cable.close()
        }
      }
    }

    @Test func closingTwiceAndInAnyOrderIsHarmless() throws {
      try Environment.withPool { pool in
        let port = try open("null:", pool: pool)
        port.stop()
        try port.start()
        try port.start()
        port.close()
        port.close()
        port.stop()
        try port.start()
        #expect(port.statistics == Port.Statistics())
        #expect(port.capabilities == [])
        #expect(!port.link.isUp)
      }
    }

    @Test func forgottenPortGivesItsBuffersBack() throws {
      try Environment.withPool { pool in
        let port = try open("ring:forgotten", pool: pool)
        try port.start()
        #expect(port.send([frame(1)]) == 1)
      }
    }

    @Test func severalQueuesCarryPackets() throws {
      try Environment.withPool { pool in
        let port = try open("null:", pool: pool) {
          $0.receiveQueues = 4
          $0.transmitQueues = 2
        }
        try port.start()
        #expect(port.receiveQueues == 4)
        for queue in 0..<UInt16(4) {
          #expect(port.send(port.receive(queue: queue), queue: queue % 2) == 64)
        }
        port.close()
      }
    }

    @Test func linkAndAddressAreKnown() throws {
      try Environment.withPool { pool in
        let port = try open("ring:link", pool: pool)
        #expect(!port.link.isUp)
        try port.start()
        #expect(port.link.isUp)
        #expect(port.link.megabits == 10_000)
        #expect(port.macAddress.count == 6)
        #expect(port.capabilities.contains("chained buffers received"))
        port.close()
      }
    }

    @Test func deviceInDPDKsOwnWords() throws {
      try Environment.withPool { pool in
        let port = try open("dpdk:net_null77,size=99", pool: pool)
        try port.start()
        #expect(port.receive().first?.count == 99)
        port.close()
      }
    }

    @Test func deviceBelongsToOnePort() throws {
      try Environment.withPool { pool in
        let port = try open("dpdk:net_null78", pool: pool)
        let error = #expect(throws: DPDKError.self) {
          try open("dpdk:net_null78", pool: pool, name: "second")
        }
        #expect(error?.cause == "another port has this device")
        try port.start()
        #expect(port.receive().count == 64)
        port.close()
        try open("dpdk:net_null78", pool: pool).close()
      }
    }

    @Test func largePacketsFitLargeBuffers() throws {
      try Environment.withPool(packets: 255, dataRoom: PacketPool.dataRoom(forMTU: 9600)) { pool in
        let port = try open("ring:jumbo", pool: pool) { $0.mtu = 9600 }
        try port.start()
        #expect(port.mtu == 9600)
        let packet = frame(7, length: 9614)
        #expect(port.send([packet]) == 1)
        #expect(port.receive() == [packet])
        port.close()
      }
    }

    @Test func largePacketsOfAFileAreChained() throws {
      let directory = TemporaryDirectory()
      let (first, second) = (directory.path + "/1.pcap", directory.path + "/2.pcap")
      let packet = frame(7, length: 9000)
      try Environment.withPool(dataRoom: PacketPool.dataRoom(forMTU: 9600)) { pool in
        let port = try open("pcap:\(first)", pool: pool, use: .transmits)
        try port.start()
        #expect(port.send([packet]) == 1)
        port.close()
      }
      try Environment.withPool { pool in
        let input = try open("pcap:\(first)", pool: pool, use: .receives) {
          $0.mtu = 9000
          $0.chainedBuffers = true
        }
        let output = try open("pcap:\(second)", pool: pool, name: "out", use: .transmits)
        try input.start()
        try output.start()
        let packets = input.receive()
        #expect(packets == [packet])
        input.close()
        output.close()
      }
    }
  }
}
