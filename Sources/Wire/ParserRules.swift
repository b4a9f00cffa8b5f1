// SPDX-License-Identifier: BSD-3-Clause

/// What a UDP datagram carries, by its destination port.
@frozen
public enum UDPPayload: UInt8, Sendable, BitwiseCopyable {
  case unknown, roce, vxlan, vxlanGPE, geneve, gre, mpls, gtpu, uet, ptp
}

/// Parser options made ready for the packet path: one piece of memory without references.
@frozen
public struct ParserRules: BitwiseCopyable {
  /// By opcode.
  @usableFromInline var opcodes: InlineArray<256, OpcodeLayout>
  /// By opcode: the record of a packet over Ethernet, IPv4 and UDP without anything else, but for
  /// where it ends; without layers where the opcode is not assigned. Owned by the parser.
  @usableFromInline let plainRecords: UnsafePointer<Headers>
  /// The port that most datagrams of a RoCE fabric go to.
  public internal(set) var rocePort: UInt16
  /// One bit for each remainder by 64: whether a known port has it. Most other datagrams are
  /// told apart by this alone.
  @usableFromInline var portFilter: UInt64 = 0
  var portCount = 0
  var ports: InlineArray<24, UInt16> = .init(repeating: 0)
  var payloads: InlineArray<24, UDPPayload> = .init(repeating: .unknown)
  let tunnelDepth: UInt8
  let iwarp: ParserOptions.IWARP
  let iwarpPortCount: Int
  var iwarpPorts: InlineArray<16, UInt16> = .init(repeating: 0)

  /// How many ports each list of the options may have.
  public static let mostPorts = 4
  /// The same of iWARP's ports.
  public static let mostIWARPPorts = 16

  /// The ports that have their meaning whatever the options say.
  public static let assignedPorts: [(port: UInt16, payload: UDPPayload, protocolName: String)] = [
    (4790, .vxlanGPE, "VXLAN-GPE's"), (6081, .geneve, "Geneve's"), (4754, .gre, "GRE's"),
    (6635, .mpls, "MPLS's"), (2152, .gtpu, "GTP-U's"), (319, .ptp, "PTP's"), (320, .ptp, "PTP's"),
  ]

  /// Of longer lists of ports, the first ones count.
  public init(_ options: ParserOptions) {
    let readsDC = options.reliableDatagram == .dc
    opcodes = InlineArray { index in
      let opcode = Opcode(rawValue: UInt8(truncatingIfNeeded: index))
      return readsDC && opcode.transport == .reliableDatagram
        ? OpcodeLayout(dynamicallyConnected: opcode) : OpcodeLayout(opcode)
    }
    plainRecords = Self.makePlainRecords(opcodes)
    rocePort = options.rocePorts.first ?? 0
    tunnelDepth = UInt8(clamping: options.tunnelDepth)
    iwarp = options.iwarp
    iwarpPortCount = min(options.iwarpPorts.count, Self.mostIWARPPorts)
    for (index, port) in options.iwarpPorts.prefix(Self.mostIWARPPorts).enumerated() {
      iwarpPorts[index] = port
    }
    add(options.rocePorts, .roce)
    add(options.vxlanPorts, .vxlan)
    add(options.uetPorts, .uet)
    for assigned in Self.assignedPorts { add([assigned.port], assigned.payload) }
  }

  private mutating func add(_ added: [UInt16], _ payload: UDPPayload) {
    for port in added.prefix(Self.mostPorts) {
      ports[portCount] = port
      payloads[portCount] = payload
      portCount += 1
      portFilter |= 1 << UInt64(port & 63)
    }
  }

  func payload(ofPort port: UInt16) -> UDPPayload {
    guard portFilter >> UInt64(port & 63) & 1 != 0 else { return .unknown }
    for index in 0..<portCount where ports[index] == port { return payloads[index] }
    return .unknown
  }

  func isIWARP(_ port: UInt16) -> Bool {
    for index in 0..<iwarpPortCount where iwarpPorts[index] == port { return true }
    return false
  }
}

/// Rules in a place of their own, where a loop over packets can point to them.
public struct Parser: ~Copyable {
  public let rules: UnsafePointer<ParserRules>

  public init(_ options: ParserOptions = ParserOptions()) {
    let place = UnsafeMutablePointer<ParserRules>.allocate(capacity: 1)
    place.initialize(to: ParserRules(options))
    rules = UnsafePointer(place)
  }

  deinit {
    rules.pointee.plainRecords.deallocate()
    rules.deallocate()
  }
}

extension ParserRules {
  /// Where the base transport header begins behind Ethernet, IPv4 and UDP.
  @inlinable static var plainRDMA: Int { 14 + 20 + 8 }

  /// Each is a cache line.
  private static func makePlainRecords(
    _ opcodes: InlineArray<256, OpcodeLayout>
  ) -> UnsafePointer<Headers> {
    let bytes = 256 * MemoryLayout<Headers>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    let records = memory.bindMemory(to: Headers.self, capacity: 256)
    for opcode in 0..<256 {
      (records + opcode).initialize(to: Headers(plainRoCE: opcodes[opcode]))
    }
    return UnsafePointer(records)
  }
}

extension Headers {
  /// The record of a packet over Ethernet, IPv4 and UDP, but for where it ends.
  fileprivate init(plainRoCE layout: OpcodeLayout) {
    self.init()
    guard layout.isAssigned else { return }
    layers = [.ethernet, .ipv4, .udp]
    self[.network] = 14
    self[.transport] = 34
    ipProtocol = 17
    place(layout, at: ParserRules.plainRDMA)
  }
}
