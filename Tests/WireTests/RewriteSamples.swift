// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Packets with correct checksums, with none, and with wrong ones.
enum RewriteSamples {
  static let all = samples(of: PacketSamples.all)
  static let rdma = samples(
    of: stride(from: 0, to: RDMASamples.all.count, by: 5).map { RDMASamples.all[$0] })

  private static func samples(
    of packets: [(bytes: [UInt8], link: LinkType)]
  ) -> [CapturedPacket] {
    packets.flatMap(variants).prefix(64).map { $0 }
  }

  private static func variants(of sample: (bytes: [UInt8], link: LinkType)) -> [CapturedPacket] {
    let plain = CapturedPacket(
      bytes: sample.bytes, wireLength: sample.bytes.count, link: sample.link)
    let sound = plain.holding(summed(plain))
    var damaged = sound.bytes
    damaged[damaged.count - 1] ^= 0x5a
    return [plain, sound, sound.holding(damaged)]
  }

  static func summed(_ packet: CapturedPacket) -> [UInt8] {
    let headers = packet.parsed()
    var bytes = packet.bytes
    func set(_ checksum: UInt16?, at offset: Int) {
      guard let checksum else { return }
      bytes.replaceSubrange(offset..<(offset + 2), with: PacketSamples.two(checksum))
    }
    packet.bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return }
      set(Checksum.ipv4Header(of: start, headers), at: headers[.network] + 10)
      guard let field = RewriteOracle.checksumOffset(headers.layers) else { return }
      set(Checksum.transport(of: start, headers), at: headers[.transport] + field)
    }
    return bytes
  }
}

extension CapturedPacket {
  func holding(_ bytes: [UInt8]) -> CapturedPacket {
    CapturedPacket(bytes: bytes, wireLength: wireLength, link: link)
  }
}
