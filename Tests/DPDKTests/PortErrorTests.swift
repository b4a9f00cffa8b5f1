// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Glibc
import Testing

/// A port that cannot be opened, and why.
struct Refusal: Sendable, CustomTestStringConvertible {
  let device: String
  let cause: String
  let adjust: @Sendable (inout PortOptions) -> Void
  var testDescription: String { device + ": " + cause }

  init(
    _ device: String, _ cause: String, _ adjust: @escaping @Sendable (inout PortOptions) -> Void
  ) {
    self.device = device
    self.cause = cause
    self.adjust = adjust
  }
}

extension Running {
  @Suite struct PortErrorTests {
    func refusal(_ text: String, _ adjust: (inout PortOptions) -> Void = { _ in }) throws
      -> DPDKError
    {
      var error: DPDKError?
      try Environment.withPool { pool in
        var options = PortOptions()
        adjust(&options)
        error = #expect(throws: DPDKError.self) {
          try Port.open(
            name: "wire", device: try Device.parse(text), options: options, pool: pool)
        }
      }
      return try #require(error)
    }

    @Test(arguments: [
      Refusal("ring:few", "net_ring has 16 receive queues, the port asks for 32") {
        $0.receiveQueues = 32
        $0.transmitQueues = 32
      },
      Refusal("null:", "a port has 1024 queues at most") { $0.transmitQueues = 5000 },
      Refusal("null:", "a port has 1024 queues at most") { $0.transmitQueues = -1 },
      Refusal("null:", "an MTU of 9601 is not between 68 and 9600") { $0.mtu = 9601 },
      Refusal("null:", "net_null needs buffers of 9022 bytes, the pool's have 2048") {
        $0.mtu = 9000
      },
      Refusal(
        "null:size=4000", "net_null makes packets of 4000 bytes, the pool's buffers have 2048"
      ) {
        _ in
      },
      Refusal(
        "dpdk:net_null88,size=9000",
        "net_null makes packets of 9000 bytes, the pool's buffers have 2048"
      ) { _ in },
      Refusal("null:", "net_null has 1 to 65535 receive descriptors, the port asks for 70000") {
        $0.receiveDescriptors = 70_000
      },
    ])
    func capabilitiesThatAreMissingAreNamed(_ expected: Refusal) throws {
      let error = try refusal(expected.device, expected.adjust)
      #expect(error.operation == "open port wire")
      #expect(error.cause == expected.cause)
    }

    @Test(.enabled(if: access(captures, R_OK) == 0, "the shared captures are not here"))
    func captureFileHasOneQueue() throws {
      let file = captures + "/oferby-roce.pcap"
      let error = try refusal("pcap:\(file)") {
        $0.use = .receives
        $0.receiveQueues = 4
      }
      #expect(
        error.description == """
          cannot open port wire: net_pcap has 1 receive queue, the port asks for 4
            fix: ask for 1 at most, or use fewer workers
          """)
    }

    @Test func missingCaptureFileIsNamed() throws {
      let error = try refusal("pcap:/nowhere/a.pcap") { $0.use = .receives }
      #expect(error.operation == "open port wire (pcap:/nowhere/a.pcap)")
      #expect(error.cause == "/nowhere/a.pcap: No such file or directory")
    }

    @Test func missingDirectoryOfAnOutputIsNamed() throws {
      let error = try refusal("pcap:/nowhere/a.pcap") { $0.use = .transmits }
      #expect(error.operation == "open port wire (pcap:/nowhere/a.pcap)")
      #expect(error.cause == "directory /nowhere: No such file or directory")
    }

    @Test func brokenCaptureFileIsExplainedByDPDK() throws {
      let directory = TemporaryDirectory()
      directory.write("broken.pcap", "this is no capture")
      let error = try refusal("pcap:\(directory.path)/broken.pcap") { $0.use = .receives }
      #expect(error.cause.contains("unknown file format"))
    }

    @Test func fileForBothDirectionsIsRefused() throws {
      let error = try refusal("pcap:a.pcap")
      #expect(error.advice == "write pcap:in=a.pcap,out=OTHER-FILE")
    }

    @Test func missingInterfaceIsNamed() throws {
      let error = try refusal("af_packet:nosuch0")
      #expect(error.operation == "open port wire (af_packet:nosuch0)")
      #expect(error.cause == "there is no interface nosuch0")
    }

    @Test func missingCardIsNamed() throws {
      let error = try refusal("pci:0000:fe:1f.7")
      #expect(error.operation == "open port wire (pci:0000:fe:1f.7)")
      #expect(error.cause == "there is no device at that address")
    }

    @Test func unknownDriverIsExplainedByDPDK() throws {
      let error = try refusal("dpdk:net_nosuch0")
      #expect(error.operation == "open port wire (dpdk:net_nosuch0)")
      #expect(error.cause.hasPrefix("DPDK has no driver for `net_nosuch0`"))
      #expect(error.advice?.hasPrefix("`sluice ports` lists the drivers") == true)
    }

    @Test(arguments: [
      ("vhost:/nowhere/v.sock", "directory /nowhere: No such file or directory"),
      ("virtio_user:/nowhere/v.sock,server", "directory /nowhere: No such file or directory"),
      ("memif:/nowhere/m.sock,role=server", "directory /nowhere: No such file or directory"),
      ("virtio_user:/nowhere/v.sock", "/nowhere/v.sock: No such file or directory"),
      ("memif:/nowhere/m.sock,role=client", "directory /nowhere: No such file or directory"),
      ("vhost:/etc/passwd", "/etc/passwd is there, and no socket"),
      ("virtio_user:/etc/passwd", "/etc/passwd is neither a socket nor a device"),
    ])
    func placeThatHasNoSocketIsNamedWithAFix(device: String, cause: String) throws {
      let error = try refusal(device)
      #expect(error.operation == "open port wire (\(device))")
      #expect(error.cause == cause)
      #expect(error.advice != nil)
    }

    @Test func unknownDriverArgumentIsExplainedByDPDK() throws {
      let error = try refusal("dpdk:net_null79,colour=red")
      #expect(error.cause.hasPrefix("the driver refuses `dpdk:net_null79,colour=red`"))
    }

    @Test func infiniteFileThatDoesNotFitThePoolSaysSo() throws {
      let directory = TemporaryDirectory()
      let file = directory.path + "/many.pcap"
      var bytes: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
      bytes += [0, 0, 1, 0, 1, 0, 0, 0]
      for number in 0..<2000 {
        bytes += [UInt8](repeating: 0, count: 8) + [60, 0, 0, 0, 60, 0, 0, 0] + frame(number).bytes
      }
      writeFile(file, bytes)
      let error = try refusal("pcap:\(file),infinite") { $0.use = .receives }
      #expect(error.cause.contains("At least 2000 mbufs"))
    }
  }
}
