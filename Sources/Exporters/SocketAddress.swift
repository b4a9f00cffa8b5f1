// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// An IP address with a port, as sockets take it: `127.0.0.1:9464`, `[::1]:9464`.
public struct SocketAddress: Sendable, CustomStringConvertible {
  /// `AF_INET` or `AF_INET6`.
  public let family: Int32
  private var storage = sockaddr_storage()

  /// Nil for what is no address with a port; names are not looked up.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    let host = text[..<colon]
    let isV6 = host.hasPrefix("[") && host.hasSuffix("]")
    family = isV6 ? AF_INET6 : AF_INET
    let result = withUnsafeMutableBytes(of: &storage) { bytes -> Int32 in
      guard let base = bytes.baseAddress else { return 0 }
      if isV6 {
        let address = base.assumingMemoryBound(to: sockaddr_in6.self)
        address.pointee.sin6_family = sa_family_t(AF_INET6)
        address.pointee.sin6_port = port.bigEndian
        return inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address.pointee.sin6_addr)
      }
      let address = base.assumingMemoryBound(to: sockaddr_in.self)
      address.pointee.sin_family = sa_family_t(AF_INET)
      address.pointee.sin_port = port.bigEndian
      return inet_pton(AF_INET, String(host), &address.pointee.sin_addr)
    }
    guard result == 1 else { return nil }
  }

  /// Where a socket is bound.
  init?(ofSocket socket: Int32) {
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    guard code == 0 else { return nil }
    family = Int32(storage.ss_family)
  }

  public func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result
  {
    let length =
      family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    return withUnsafePointer(to: storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
    }
  }

  public var description: String {
    let (host, port) = parts
    return family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// The address and the port, each by itself.
  var parts: (host: String, port: String) {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let flags = Int32(NI_NUMERICHOST | NI_NUMERICSERV)
    let code = withPointer { address, length in
      getnameinfo(
        address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), flags)
    }
    guard code == 0 else { return ("?", "?") }
    let name = host.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    let number = port.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    return (name, number)
  }
}
