// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import DPDK

/// A machine with three cards, as the kernel describes it in files.
@Suite struct PCIDeviceTests {
  let machine = TemporaryDirectory()

  init() {
    add("0000:3b:00.0", class: "0x020000", driver: "ixgbe", interface: "eth3")
    add("0000:3b:00.1", class: "0x020000", driver: "vfio-pci", interface: nil)
    add("0000:5e:00.0", class: "0x020000", driver: "mlx5_core", interface: "eth5")
    add("0000:5e:00.1", class: "0x020000", driver: nil, interface: nil)
    add("0000:00:1f.0", class: "0x060100", driver: nil, interface: nil)
  }

  func add(_ address: String, class kind: String, driver: String?, interface: String?) {
    machine.write("\(address)/class", kind + "\n")
    machine.write("\(address)/vendor", "0x8086\n")
    machine.write("\(address)/device", "0x10fb\n")
    machine.write("\(address)/numa_node", "1\n")
    if let driver { machine.link("\(address)/driver", to: "../drivers/\(driver)") }
    if let interface { machine.write("\(address)/net/\(interface)/mtu", "1500\n") }
  }

  @Test func onlyNetworkDevicesAreListed() {
    let devices = PCIDevice.all(in: machine.path)
    #expect(devices.map(\.address).count == 4)
    #expect(devices.first?.identifier == "8086:10fb")
    #expect(devices.first?.interfaces == ["eth3"])
    #expect(devices.first?.numaNode == 1)
  }

  @Test func kernelsDriverIsNamedWithTheWayOut() throws {
    let device = try PCIDevice.find("3b:00.0", in: machine.path)
    let error = #expect(throws: DPDKError.self) { try device.checkUsable() }
    #expect(error?.cause == "it is bound to the kernel's driver ixgbe as eth3")
    #expect(error?.advice?.hasPrefix("dpdk-devbind.py --bind=vfio-pci 0000:3b:00.0") ?? false)
  }

  @Test(arguments: ["0000:3b:00.1", "0000:5e:00.0", "0000:5E:00.0,mprq_en=1"])
  func devicesThatDPDKMayHaveAreUsable(address: String) throws {
    try PCIDevice.find(address, in: machine.path).checkUsable()
  }

  @Test func deviceWithoutDriverIsAnError() throws {
    let device = try PCIDevice.find("0000:5e:00.1", in: machine.path)
    let error = #expect(throws: DPDKError.self) { try device.checkUsable() }
    #expect(error?.cause == "it is bound to no driver")
  }

  @Test func unknownAddressListsThoseThereAre() {
    let error = #expect(throws: DPDKError.self) {
      try PCIDevice.find("0000:ff:00.0", in: machine.path)
    }
    #expect(
      error?.advice
        == "the network devices here are 0000:3b:00.0, 0000:3b:00.1, 0000:5e:00.0, 0000:5e:00.1")
  }
}

@Suite struct ListingTests {
  @Test func loopbackIsAmongTheInterfaces() {
    #expect(KernelInterface.all().contains { $0.name == "lo" && $0.isLoopback })
  }

  @Test func interfaceWithoutAPossibleNameIsNone() {
    #expect(KernelInterface("") == nil)
    #expect(KernelInterface(String(repeating: "x", count: 400)) == nil)
  }

  @Test func everyVirtualDriverIsInstalled() {
    #expect(DeviceKind.all.filter { !$0.isPresent }.map(\.prefix) == [])
  }
}
