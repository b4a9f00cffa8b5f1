// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Presentation

/// The other end of a DPDK program's telemetry socket.
final class TelemetryClient {
  let path: String
  /// The program's process, as it says itself.
  let process: Int
  private let socket: Int32

  /// A program that does not answer for so long is taken to be gone.
  private static let patience = timeval(tv_sec: 5, tv_usec: 0)

  /// Nil when nobody listens there, or does not speak as DPDK does.
  init?(_ path: String) {
    self.path = path
    socket = Self.connection(to: path)
    process = socket < 0 ? 0 : Self.greeting(from: socket) ?? 0
    // The deinitializer closes the socket.
    if process == 0 { return nil }
  }

  deinit { if socket >= 0 { close(socket) } }

  private static func connection(to path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else { return -1 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let type = Int32(SOCK_SEQPACKET.rawValue)
    let socket = Glibc.socket(AF_UNIX, type | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return -1 }
    var patience = Self.patience
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(
        socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if result == 0 { return socket }
    close(socket)
    return -1
  }

  private static func greeting(from socket: Int32) -> Int? {
    receive(from: socket).flatMap { $0["pid"]?.count }.flatMap { Int(exactly: $0) }
  }

  private static func receive(from socket: Int32) -> JSON? {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(socket, &bytes, bytes.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      // DPDK sends the zero behind its text as well.
      let text = bytes.prefix(count).prefix { $0 != 0 }
      return JSON(parsing: String(decoding: text, as: UTF8.self))
    }
  }

  /// What the program answers to a command; nil when it is gone. An unknown command has `null`.
  func ask(_ command: String, _ parameters: String = "") -> JSON? {
    let text = parameters.isEmpty ? command : "\(command),\(parameters)"
    let bytes = Array(text.utf8)
    guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      return nil
    }
    return Self.receive(from: socket)?[command]
  }

  /// A list of Sluice's, page after page: so many at most.
  func list(_ name: String, most: Int = .max) -> JSON? {
    var elements: [JSON] = []
    var first = 0
    while elements.count < most {
      let count = min(256, most - elements.count)
      guard let page = ask("/sluice/" + name, "\(first),\(count)") else { return nil }
      if case .object(let members) = page[name] ?? .null { elements += members.map(\.value) }
      guard let next = page["next"]?.count, next > first, next < 1 << 24 else { break }
      first = Int(next)
    }
    return .array(elements)
  }

  /// All of a Sluice, by the names of the commands; nil when it is gone.
  func everything(queuePairs: Int, andOf queuePair: String?) -> JSON? {
    guard let info = ask("/sluice/info") else { return nil }
    var members = [("info", info)]
    for name in ["ports", "stages", "drops", "events", "distributions"] {
      guard let list = list(name) else { return nil }
      members.append((name, list))
    }
    guard let pairs = list("queue_pairs", most: queuePairs), let totals = ask("/sluice/totals")
    else { return nil }
    members += [("totals", totals), ("queue_pairs", pairs)]
    if let queuePair, let answer = ask("/sluice/queue_pair", queuePair) {
      members.append(("queue_pair", answer))
    }
    return .object(members.map { (key: $0.0, value: $0.1) })
  }
}
