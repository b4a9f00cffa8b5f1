// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// The frames that two hosts exchange over one simulated queue pair: a connection is set up by the
/// communication manager, then one writes and the other acknowledges.
struct RDMAWriteFrames {
  /// Of the host that writes, and of the one that is written to.
  let sender: Host
  let receiver: Host
  let dscp: UInt8

  struct Host {
    var address: UInt32
    var queuePair: UInt32

    /// A locally administered MAC address that ends in the IP address.
    var mac: [UInt8] { [0x02, 0x00] + Self.bytes(address, 4) }

    static func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
  }

  /// Ethernet, IPv4, UDP, BTH and RETH: as much of a data packet as there is in memory.
  static let dataHeaderLength = 14 + 20 + 8 + 12 + 16

  /// A data packet without its payload, and its length on the wire.
  func data(
    _ operation: Opcode.Operation, payload: Int, sequence: UInt32, asksForAnswer: Bool
  ) -> (bytes: [UInt8], wireLength: Int) {
    let padding = -payload & 3
    let hasAddress = operation == .writeFirst || operation == .writeOnly
    let behind = (hasAddress ? 16 : 0) + payload + padding + BTH.checkLength
    let transport = Self.transport(
      Opcode(.reliableConnection, operation), padding: padding, to: receiver.queuePair,
      sequence: sequence, asksForAnswer: asksForAnswer)
    let head = headers(from: sender, to: receiver, length: transport.count + behind)
    let memory = [UInt8](repeating: 0, count: 12) + Host.bytes(UInt32(payload), 4)
    return (head + transport + memory, head.count + transport.count + behind)
  }

  /// What acknowledges all packets up to `sequence`.
  func acknowledgement(of sequence: UInt32) -> [UInt8] {
    let body =
      Self.transport(
        Opcode(.reliableConnection, .acknowledge), padding: 0, to: sender.queuePair,
        sequence: sequence, asksForAnswer: false) + [0x1f] + Host.bytes(sequence, 3)
    return sealed(body, from: receiver, to: sender)
  }

  /// The request that begins the connection, and its reply.
  var request: [UInt8] {
    message(
      .request, from: sender, to: receiver,
      [(24, sender.queuePair), (56, sender.queuePair << 8)])
  }
  var reply: [UInt8] {
    message(
      .reply, from: receiver, to: sender,
      [(24, receiver.queuePair), (28, sender.queuePair), (36, receiver.queuePair << 8)])
  }

  /// Attributes of the communication manager's datagrams (InfiniBand Architecture Specification,
  /// volume 1, 12.6).
  private enum Message: UInt8 {
    case request = 0x10
    case reply = 0x13
  }

  /// - Parameter words: by their offset in the datagram.
  private func message(
    _ message: Message, from: Host, to: Host, _ words: [(offset: Int, value: UInt32)]
  ) -> [UInt8] {
    var datagram = [UInt8](repeating: 0, count: 256)
    datagram.replaceSubrange(0..<4, with: [1, 7, 2, 3])
    datagram[17] = message.rawValue
    for word in words {
      datagram.replaceSubrange(word.offset..<(word.offset + 4), with: Host.bytes(word.value, 4))
    }
    let queueKey: [UInt8] = [0x80, 0x01, 0, 0, 0, 0, 0, 1]
    let body =
      Self.transport(
        Opcode(.unreliableDatagram, .sendOnly), padding: 0, to: 1, sequence: 0,
        asksForAnswer: false) + queueKey + datagram
    return sealed(body, from: from, to: to)
  }

  private static func transport(
    _ opcode: Opcode, padding: Int, to queuePair: UInt32, sequence: UInt32, asksForAnswer: Bool
  ) -> [UInt8] {
    [opcode.rawValue, UInt8(padding) << 4, 0xff, 0xff, 0] + Host.bytes(queuePair, 3)
      + [asksForAnswer ? 0x80 : 0] + Host.bytes(sequence, 3)
  }

  /// Ethernet, IPv4 and UDP in front of `length` bytes.
  private func headers(from: Host, to: Host, length: Int) -> [UInt8] {
    var ip: [UInt8] =
      [0x45, dscp << 2 | 2] + Host.bytes(UInt32(20 + 8 + length), 2) + [0, 0, 0x40, 0]
      + [64, 17, 0, 0] + Host.bytes(from.address, 4) + Host.bytes(to.address, 4)
    var checksum = Checksum()
    ip.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { checksum.add(start, count: bytes.count) }
    }
    ip.replaceSubrange(10..<12, with: Host.bytes(UInt32(checksum.value), 2))
    let port = 0xc000 | (from.queuePair ^ to.queuePair) & 0x3fff
    let udp =
      Host.bytes(port, 2) + Host.bytes(4791, 2) + Host.bytes(UInt32(8 + length), 2) + [0, 0]
    return to.mac + from.mac + [0x08, 0x00] + ip + udp
  }

  /// A whole packet, with its invariant CRC.
  private func sealed(_ body: [UInt8], from: Host, to: Host) -> [UInt8] {
    var packet = headers(from: from, to: to, length: body.count + BTH.checkLength)
    packet += body + [UInt8](repeating: 0, count: BTH.checkLength)
    let parser = Parser()
    var headers = Headers()
    packet.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      parse(
        start, captured: bytes.count, wireLength: bytes.count, link: .ethernet, by: parser.rules,
        into: &headers)
      let length = UInt32(bytes.count)
      _ = ICRC.correct(
        in: SinglePacket(
          headers: &headers, bytes: start, wireLength: length, capturedLength: length),
        at: 0)
    }
    extendLifetime(parser)
    return packet
  }
}
