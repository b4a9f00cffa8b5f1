// SPDX-License-Identifier: BSD-3-Clause

/// A number as it lies on the wire.
public func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

/// The Internet checksum the plain way (RFC 1071): every byte pair, then the carries.
public func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
  var sum = 0
  for (index, byte) in bytes.enumerated() { sum += Int(byte) << (index % 2 == 0 ? 8 : 0) }
  while sum > 0xffff { sum = (sum & 0xffff) + sum >> 16 }
  return UInt16(~sum & 0xffff)
}

/// The checksums of a packet that are wrong, by names; found by adding up every byte that each
/// covers, with nothing of Sluice's. `start` is where its EtherType or link header's end lies.
public func wrongChecksums(in packet: [UInt8]) -> [String] {
  var offset = 12
  while [[0x81, 0x00], [0x88, 0xa8]].contains(Array(packet[offset..<offset + 2])) { offset += 4 }
  let type = Array(packet[offset..<offset + 2])
  let datagram = Array(packet[(offset + 2)...])
  switch type {
  case [0x08, 0x00]: return wrongInIPv4(datagram)
  case [0x86, 0xdd]:
    let length = Int(datagram[4]) << 8 | Int(datagram[5])
    let transport = Array(datagram[40..<40 + length])
    let pseudo = datagram[8..<40] + big(0) + big(UInt16(length)) + [0, 0, 0, datagram[6]]
    return wrongInTransport(datagram[6], transport, Array(pseudo))
  default: return []
  }
}

private func wrongInIPv4(_ datagram: [UInt8]) -> [String] {
  let headerLength = Int(datagram[0] & 15) * 4
  let length = Int(datagram[2]) << 8 | Int(datagram[3])
  let header = Array(datagram[..<headerLength])
  let transport = Array(datagram[headerLength..<length])
  let pseudo = datagram[12..<20] + [0, datagram[9]] + big(UInt16(transport.count))
  return (internetChecksum(header) == 0 ? [] : ["ip"])
    + wrongInTransport(datagram[9], transport, Array(pseudo))
}

private func wrongInTransport(
  _ number: UInt8, _ transport: [UInt8], _ pseudoHeader: [UInt8]
) -> [String] {
  switch number {
  case 17 where transport[6] == 0 && transport[7] == 0: return []
  case 17: return internetChecksum(pseudoHeader + transport) == 0 ? [] : ["udp"]
  case 6: return internetChecksum(pseudoHeader + transport) == 0 ? [] : ["tcp"]
  case 1: return internetChecksum(transport) == 0 ? [] : ["icmp"]
  default: return []
  }
}
