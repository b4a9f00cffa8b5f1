// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// A network interface of the kernel's, in this process's network namespace.
public struct KernelInterface: Sendable, Equatable {
  public let name: String
  public let mtu: Int
  /// Whether it has been set up to carry packets, and whether it has a link.
  public let isUp: Bool
  public let hasLink: Bool
  public let isLoopback: Bool

  /// All interfaces, in the kernel's order.
  public static func all() -> [KernelInterface] {
    guard let list = if_nameindex() else { return [] }
    defer { if_freenameindex(list) }
    var interfaces: [KernelInterface] = []
    var entry = list
    while entry.pointee.if_index != 0, let name = entry.pointee.if_name {
      if let interface = KernelInterface(String(cString: name)) { interfaces.append(interface) }
      entry += 1
    }
    return interfaces
  }

  /// Nil when there is no interface of that name.
  public init?(_ name: String) {
    guard let flags = Self.ask(name, SIOCGIFFLAGS)?.ifr_ifru.ifru_flags,
      let mtu = Self.ask(name, SIOCGIFMTU)?.ifr_ifru.ifru_mtu
    else { return nil }
    func has(_ flag: Int) -> Bool { Int(flags) & flag != 0 }
    self.name = name
    self.mtu = Int(mtu)
    isUp = has(IFF_UP)
    hasLink = has(IFF_RUNNING)
    isLoopback = has(IFF_LOOPBACK)
  }

  /// Changes the interface's MTU; false when the kernel does not let us.
  func setMTU(_ mtu: Int) -> Bool {
    Self.ask(name, SIOCSIFMTU) { $0.ifr_ifru.ifru_mtu = Int32(mtu) } != nil
  }

  private static func ask(
    _ name: String, _ request: Int32, prepare: (inout ifreq) -> Void = { _ in }
  ) -> ifreq? {
    guard !name.isEmpty, name.utf8.count < Int(IFNAMSIZ) else { return nil }
    let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return nil }
    defer { close(socket) }
    var question = ifreq()
    withUnsafeMutableBytes(of: &question.ifr_ifrn) { $0.copyBytes(from: name.utf8) }
    prepare(&question)
    return ioctl(socket, UInt(request), &question) == 0 ? question : nil
  }
}
