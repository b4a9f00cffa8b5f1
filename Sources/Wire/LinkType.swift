// SPDX-License-Identifier: BSD-3-Clause

/// What the first byte of a packet belongs to. Live ports carry Ethernet; capture files may not.
@frozen
public enum LinkType: UInt8, Sendable, CaseIterable {
  case ethernet
  /// An IPv4 or IPv6 header, told apart by its version.
  case rawIP
  /// Linux "cooked" capture, version 1 (16-byte header).
  case linuxCooked
  /// Linux "cooked" capture, version 2 (20-byte header).
  case linuxCooked2
  /// BSD null or loopback: a 4-byte address family, in either byte order.
  case loopback
  /// Native InfiniBand: the packet begins with the local route header.
  case infiniband
}
