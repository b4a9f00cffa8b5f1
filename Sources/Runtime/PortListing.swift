// SPDX-License-Identifier: BSD-3-Clause
import DPDK
public import Presentation

/// What a port can be on this machine: cards, kernel interfaces and virtual devices.
public struct PortListing: Sendable {
  private let devices: DeviceListing
  private let kinds = DeviceKind.all

  public static var here: PortListing { PortListing(devices: DeviceListing.current()) }

  private var cards: [PCIDevice] { devices.cards }
  private var interfaces: [KernelInterface] { devices.interfaces }
  private var drivers: [DriverFile] { devices.drivers }

  public var text: String {
    var lines = ["network cards"]
    lines += cards.isEmpty ? ["  none"] : cardTable.lines(indent: 2)
    lines += ["", "kernel interfaces, for af_packet: and af_xdp:"]
    lines += interfaces.isEmpty ? ["  none"] : interfaceTable.lines(indent: 2)
    lines += ["", "kinds of port"] + kindTable.lines(indent: 2)
    lines += ["", "drivers of this DPDK", "  " + drivers.map(\.name).joined(separator: " ")]
    return lines.joined(separator: "\n")
  }

  private var cardTable: TextTable {
    var table = TextTable([.left, .left, .left, .left])
    for card in cards {
      table.add(
        "pci:\(card.address)", card.identifier, card.driver.map { "driver \($0)" } ?? "no driver",
        card.numaNode.map { "NUMA node \($0)" } ?? "")
    }
    return table
  }

  private var interfaceTable: TextTable {
    var table = TextTable([.left, .left, .left])
    for interface in interfaces {
      table.add(
        interface.name, interface.hasLink ? "link" : interface.isUp ? "no link" : "down",
        "MTU \(interface.mtu)")
    }
    return table
  }

  private var kindTable: TextTable {
    var table = TextTable([.left, .left, .left])
    for kind in kinds {
      let support = kind.isPresent ? kind.supports : "driver \(kind.driver ?? "") not installed"
      table.add(kind.example, kind.summary, support)
    }
    return table
  }

  public var json: JSON {
    [
      "cards": .array(
        cards.map { card in
          .object(present: [
            ("address", .string(card.address)), ("identifier", .string(card.identifier)),
            ("driver", card.driver.map { .string($0) }),
            ("numaNode", card.numaNode.map { .integer($0) }),
            ("interfaces", .array(card.interfaces.map { .string($0) })),
          ])
        }),
      "interfaces": .array(
        interfaces.map { interface in
          [
            "name": .string(interface.name), "mtu": .integer(interface.mtu),
            "up": .boolean(interface.isUp), "link": .boolean(interface.hasLink),
          ]
        }),
      "kinds": .array(
        kinds.map { kind in
          .object(present: [
            ("prefix", .string(kind.prefix)), ("driver", kind.driver.map { .string($0) }),
            ("present", .boolean(kind.isPresent)), ("summary", .string(kind.summary)),
            ("supports", .string(kind.supports)), ("example", .string(kind.example)),
          ])
        }),
      "drivers": .array(drivers.map { .string($0.name) }),
    ]
  }
}
