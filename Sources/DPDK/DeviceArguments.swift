// SPDX-License-Identifier: BSD-3-Clause

extension Device {
  /// What DPDK is told to make a port of this device, with as many queues and as large packets.
  func driverArguments(_ options: PortOptions, queues: Int, dataRoom: Int) -> String {
    var words = ownArguments(options.use)
    if let key = kind.targetKey { words.insert("\(key)=\(target)", at: 0) }
    if let key = kind.queueKey, value(key) == nil { words.append("\(key)=\(queues)") }
    if kind == .afPacket { words += packetSocketFrames(dataRoom: dataRoom) }
    return words.joined(separator: ",")
  }

  private func ownArguments(_ use: Use) -> [String] {
    let passed = arguments.filter { kind != .pcap || ($0.key != "in" && $0.key != "out") }
      .compactMap { argument in
        argument.value.map { "\(argument.key)=\($0)" } ?? kind.flags[argument.key]
      }
    switch kind {
    case .pcap: return captureFiles(use) + passed
    case .memif: return memifSocket() + passed
    default: return passed
    }
  }

  private func captureFiles(_ use: Use) -> [String] {
    var words: [String] = []
    if use.contains(.receives), let inputFile { words.append("rx_pcap=\(inputFile)") }
    if use.contains(.transmits), let outputFile { words.append("tx_pcap=\(outputFile)") }
    return words
  }

  /// `@name` is a name in the kernel's abstract space instead of a file, as VPP writes it. Ports
  /// share a socket when the driver sees the same path.
  private func memifSocket() -> [String] {
    target.hasPrefix("@")
      ? ["socket=\(target.dropFirst())", "socket-abstract=yes"]
      : ["socket=\(path)", "socket-abstract=no"]
  }

  /// Frames of the packet socket's ring as large as the buffers: it cuts what does not fit. Four
  /// frames of a multiple of 1 KB fill a block, which the kernel wants to be whole pages.
  private func packetSocketFrames(dataRoom: Int) -> [String] {
    guard value("framesz") == nil && value("blocksz") == nil else { return [] }
    let frame = Self.packetSocketFrame(dataRoom: dataRoom)
    return ["framesz=\(frame)", "blocksz=\(frame * 4)"]
  }

  static func packetSocketFrame(dataRoom: Int) -> Int {
    max(2048, (dataRoom - PacketPool.headroom) / 1024 * 1024)
  }

  /// The longest Ethernet frame that a packet socket's ring takes, behind the kernel's own header.
  static func longestPacketSocketFrame(dataRoom: Int) -> Int {
    packetSocketFrame(dataRoom: dataRoom) - 66
  }
}
