// SPDX-License-Identifier: BSD-3-Clause
import Pipeline

extension Report {
  /// Packets that a port did not send after all.
  struct Unsent {
    var port: PortIndex
    var packets: UInt64
    var bytes: UInt64

    init(port: PortIndex, packets: UInt64, bytes: UInt64) {
      (self.port, self.packets, self.bytes) = (port, packets, bytes)
    }

    init(port: PortIndex, _ counters: PortCounters) {
      self.init(port: port, packets: counters.sentPackets, bytes: counters.sentBytes)
    }
  }

  /// Corrects for packets that were taken to be sent and then were not: what another worker took
  /// over and the port had no room for, what never reached a port's file.
  mutating func addUnsent(_ unsent: [Unsent], _ reasons: DropReasons) {
    let total = unsent.reduce(0) { $0 &+ $1.packets }
    guard total > 0 else { return }
    for loss in unsent {
      ports[Int(loss.port.value)].counters.sentPackets &-= loss.packets
      ports[Int(loss.port.value)].counters.sentBytes &-= loss.bytes
      totals.sentBytes &-= loss.bytes
    }
    totals.sent &-= total
    totals.dropped &+= total
    let name = reasons.names[Int(DropReason.outputFull.index)]
    if let place = drops.firstIndex(where: { $0.reason == name }) {
      drops[place].packets &+= total
    } else {
      drops.append(DropReport(reason: name, packets: total))
    }
    drops.sort { ($1.packets, $0.reason) < ($0.packets, $1.reason) }
  }

  /// Notes what must never happen: packets unaccounted for, or not back in the pool.
  mutating func checkBalance() {
    if !totals.balances {
      problems.append(
        "packets are unaccounted for: received \(totals.received) + made \(totals.made) is not "
          + "sent \(totals.sent) + dropped \(totals.dropped) + held \(totals.held)")
    }
    if totals.held > 0 {
      problems.append("stages still keep \(totals.held) packets")
    }
    if pool.missing != 0 {
      problems.append("\(pool.missing) of \(pool.packets) packet buffers did not come back")
    }
  }
}
