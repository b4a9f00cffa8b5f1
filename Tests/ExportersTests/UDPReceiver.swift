// SPDX-License-Identifier: BSD-3-Clause
import Exporters
import Glibc
import RunningSluice

/// A socket that keeps the datagrams which are sent to it.
final class UDPReceiver {
  private let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  let port: UInt16

  init(at host: UInt32 = 0x7f00_0001, port wanted: UInt16 = 0) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = host.bigEndian
    address.sin_port = wanted.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let socket = self.socket
    port = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length)
        getsockname(socket, $0, &length)
      }
      return UInt16(bigEndian: $0.pointee.sin_port)
    }
  }

  deinit { close(socket) }

  var address: SocketAddress? { SocketAddress("127.0.0.1:\(port)") }

  /// Those that have come: on one machine all that were sent are there.
  func datagrams() -> [[UInt8]] {
    var all: [[UInt8]] = []
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT)), count > 0 {
      all.append(Array(bytes.prefix(count)))
    }
    return all
  }

  /// Octets that wait for whoever has the port; nil when nobody has (proc(5), net/udp).
  static func unread(_ port: UInt16) -> Int? {
    let digits = String(port, radix: 16, uppercase: true)
    let ending = ":" + String(repeating: "0", count: 4 - digits.count) + digits
    for line in Folder.text(of: "/proc/net/udp").split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 4, words[1].hasSuffix(ending) else { continue }
      return words[4].split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }
    return nil
  }

  static func isBound(_ port: UInt16) -> Bool { unread(port) != nil }

  /// Closes the socket, so that nobody listens at the port.
  static func freePort() -> UInt16 { UDPReceiver().port }
}

/// Datagrams in a file that tshark reads: each in IPv4 and UDP to port 4739.
func capture(of datagrams: [[UInt8]]) -> [UInt8] {
  var file: [UInt8] = []
  func add(_ numbers: UInt32...) {
    for number in numbers { withUnsafeBytes(of: number.littleEndian) { file += $0 } }
  }
  // The header of a pcap file (draft-ietf-opsawg-pcap), of raw IPv4 packets.
  add(0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 228)
  for datagram in datagrams {
    let length = datagram.count + 28
    add(0, 0, UInt32(length), UInt32(length))
    let high = UInt8(length >> 8)
    file += [
      0x45, 0, high, UInt8(length & 255), 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1,
    ]
    let udp = datagram.count + 8
    file += [0x12, 0x83, 0x12, 0x83, UInt8(udp >> 8), UInt8(udp & 255), 0, 0] + datagram
  }
  return file
}
