// SPDX-License-Identifier: BSD-3-Clause
import Glibc

extension Device {
  /// Whether a word is there and does not say no: `client`, or in the driver's words `client=1`.
  func says(_ word: String) -> Bool { has(word) && value(word) != "0" }

  /// The socket's path, one for all ways to write it that only the text is needed to see through.
  var path: String {
    let parts = target.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    return target.hasPrefix("/") ? "/" + parts : parts
  }

  /// The socket file that the port listens on, if it does.
  public var servedSocket: String? {
    switch kind {
    case .vhost where !says("client"), .virtioUser where says("server"): path
    case .memif where value("role") == "server" && !target.hasPrefix("@"): path
    default: nil
    }
  }

  /// Whether the driver waits for the other end while the device is made.
  public var waitsForPeer: Bool { kind == .virtioUser && says("server") }

  /// Whether the port connects to another program when it starts, and needs that to be there.
  var isMemifClient: Bool { kind == .memif && value("role") == "client" }

  /// Whether the program that the port connects to is there.
  var hasServer: Bool {
    target.hasPrefix("@")
      ? ListeningSocket.isServed(name: String(target.dropFirst())) : ListeningSocket.isServed(path)
  }

  /// Whether a socket can be made at the path, by what the file system says.
  func checkSocket(_ path: String) throws(DeviceRefusal) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return try checkFolder(of: path) }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw DeviceRefusal(
        "\(path) is there, and no socket", fix: "choose another path, or move the file away")
    }
    if access(path, W_OK) != 0 {
      throw DeviceRefusal(
        "socket \(path): " + String(cString: strerror(errno)), fix: "choose another path")
    }
  }

  /// The other end of a virtio_user port that is no server: a vhost socket, or the kernel's vhost.
  func checkPeer() throws(DeviceRefusal) {
    if access(path, R_OK | W_OK) != 0 {
      let cause = "\(path): " + String(cString: strerror(errno))
      let isMissing = errno == ENOENT || errno == ENOTDIR
      throw DeviceRefusal(cause, fix: isMissing ? missingPeer : "run as a user who may use it")
    }
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let type = status.st_mode & S_IFMT
    if type != S_IFSOCK && type != S_IFCHR {
      throw DeviceRefusal(
        "\(path) is neither a socket nor a device", fix: "name a vhost socket, or /dev/vhost-net")
    }
    if type == S_IFSOCK && !hasServer {
      throw DeviceRefusal("nobody serves socket \(path)", fix: missingPeer)
    }
  }

  private var missingPeer: String {
    path.hasPrefix("/dev/")
      ? "load the kernel's module: modprobe vhost_net"
      : "first start the program that serves it, such as a `vhost:` port or a hypervisor"
  }
}
