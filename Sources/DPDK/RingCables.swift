// SPDX-License-Identifier: BSD-3-Clause

/// The rings that `ring:` ports share by name: what one port sends to a name, the other receives.
enum RingCables {
  /// A ring in use. It keeps the pools of its packets until the last port is closed.
  private struct Cable {
    let ring: Ring
    var users = 0
    var pools: [PacketPool] = []
  }

  // Ports are opened and closed by the control thread alone.
  nonisolated(unsafe) private static var cables: [String: Cable] = [:]

  static func take(_ name: String, capacity: Int, pool: PacketPool) throws(DPDKError) -> Ring {
    var cable: Cable
    if let known = cables[name] {
      cable = known
    } else {
      cable = Cable(ring: try Ring(name: name, capacity: capacity, shared: true))
    }
    cable.users += 1
    cable.pools.append(pool)
    cables[name] = cable
    return cable.ring
  }

  static func leave(_ name: String) {
    cables[name]?.users -= 1
    guard let cable = cables[name], cable.users == 0 else { return }
    cable.ring.close()
    cables[name] = nil
  }
}
