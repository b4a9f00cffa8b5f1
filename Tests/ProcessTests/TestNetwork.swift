// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice

/// Two hosts and a wire with Sluice in it: three network namespaces, joined by two veth pairs.
///
/// The left host has interface `left` with 10.99.0.1, the right one `right` with 10.99.0.2; Sluice
/// sees their other ends, `west` and `east`.
final class TestNetwork {
  private let folder: TemporaryFolder
  private static let prefix = "sluice-\(getpid())-"
  private static let hosts = ["left", "middle", "right"]

  static let isPossible: Bool = {
    guard Ability.isRoot, Ability.has("ip"), Ability.has("python3") else { return false }
    let name = prefix + "try"
    let probe = Run.shell(
      "ip netns add \(name) && { ip -n \(name) link add a0 type veth peer name a1; s=$?; "
        + "ip netns del \(name); exit $s; }", in: TemporaryFolder())
    return probe.wait() == .status(0)
  }()

  /// Whether the kernel knows the sockets that af_xdp: is made of; address family 44.
  static let haveExpressDataPath: Bool = {
    let descriptor = socket(44, Int32(SOCK_RAW.rawValue), 0)
    if descriptor >= 0 { close(descriptor) }
    return descriptor >= 0
  }()

  init(in folder: TemporaryFolder) {
    self.folder = folder
    var lines: [String] = []
    for host in Self.hosts {
      lines.append("ip netns add \(Self.prefix + host)")
      // The kernel's own packets of IPv6 would be among those of the test.
      let switchOff = "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"
      lines.append(
        "ip netns exec \(Self.prefix + host) sh -c '[ ! -e /proc/sys/net/ipv6 ] || \(switchOff)'")
    }
    for (host, own, other, address) in [
      ("left", "left", "west", "10.99.0.1/24"), ("right", "right", "east", "10.99.0.2/24"),
    ] {
      let space = Self.prefix + host
      lines.append(
        "ip -n \(space) link add \(own) type veth peer name \(other) netns \(Self.prefix)middle")
      lines.append("ip -n \(space) address add \(address) dev \(own)")
      lines.append("ip -n \(space) link set \(own) up")
      lines.append("ip -n \(Self.prefix)middle link set \(other) up")
    }
    let made = Run.shell(lines.joined(separator: " && "), in: folder)
    precondition(made.wait() == .status(0), made.errors)
  }

  deinit {
    for host in Self.hosts { Run.shell("ip netns del \(Self.prefix + host)", in: folder).wait() }
  }

  /// A command on one of the hosts.
  func start(on host: String, _ words: [String]) -> Run {
    Run(["ip", "netns", "exec", Self.prefix + host] + words, in: folder)
  }

  /// `traffic.py`; one that waits for packets is started when it is ready for them.
  func traffic(on host: String, _ words: String...) -> Run {
    let script = Place.package + "/Tests/ProcessTests/Network/traffic.py"
    let run = start(on: host, ["python3", script] + words)
    if words[0] == "receive" || words[0] == "serve" {
      _ = Run.until { run.output.hasPrefix("ready\n") || !run.isRunning }
    }
    return run
  }

  /// `sluice run` between the hosts, once it is up.
  func sluice(_ file: String) -> Run {
    let run = start(on: "middle", [Place.executable, "run", file, "--json"])
    _ = Run.until { run.errors.contains("Ctrl-C ends it") || !run.isRunning }
    return run
  }
}
