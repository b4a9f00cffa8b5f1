// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Pipeline
import Settings
import Stages

/// A pool that some ports share, because their packets need the same room on the same NUMA node.
struct PoolSize: Equatable {
  let dataRoom: Int
  let numaNode: Int?
  var packets: Int
}

extension NICPlan {
  /// The pools that the ports need, and for each port which of them it uses.
  func poolSizes(workers: Int) -> (sizes: [PoolSize], byPort: [Int]) {
    var sizes: [PoolSize] = []
    var byPort: [Int] = []
    for port in ports {
      let options = port.options(workers: workers)
      let room = PacketPool.dataRoom(
        forMTU: options.mtu ?? port.interfaceMTU ?? 1500, chained: options.chainedBuffers)
      let node = port.numaNode
      if let place = sizes.firstIndex(where: { $0.dataRoom == room && $0.numaNode == node }) {
        sizes[place].packets += Self.packetsHeld(by: options)
        byPort.append(place)
      } else {
        byPort.append(sizes.count)
        sizes.append(
          PoolSize(dataRoom: room, numaNode: node, packets: Self.packetsHeld(by: options)))
      }
    }
    for place in sizes.indices {
      sizes[place].packets += workers * Self.packetsPerWorker + mostHeld(workers: workers)
      if let wanted = file.engine[EngineSettings.packets] { sizes[place].packets = wanted }
    }
    return (sizes, byPort)
  }

  /// What a port's queues can hold while nobody looks.
  private static func packetsHeld(by options: PortOptions) -> Int {
    options.receiveQueues * (options.receiveDescriptors ?? defaultDescriptors)
      + options.transmitQueues * (options.transmitDescriptors ?? defaultDescriptors)
  }

  /// What most drivers choose where they are not told.
  private static let defaultDescriptors = 1024
  /// A worker's share of a pool's cache, its burst, and what its stages make, with room to spare.
  private static let packetsPerWorker = 2048

  /// How many packets the stages of all workers may keep at once.
  func mostHeld(workers: Int) -> Int {
    let context = checkContext(of: workers)
    build(in: context) { $0.holds }
    return context.mostHeld * workers
  }

  /// What the tables of all workers take.
  func tableMemory(workers: Int) -> MemoryNeed {
    let context = checkContext(of: workers)
    context.tableMemory.isAskedFor = true
    build(in: context) { _ in true }
    let (bytes, isTooMuch) = context.tableMemory.total.multipliedReportingOverflow(by: workers)
    return MemoryNeed(hugepages: 0, ordinary: 0, tables: isTooMuch ? .max : bytes)
  }

  /// Starts DPDK for a run in virtual time, with a pool of so many packets and what stages keep; or
  /// of as many as the file says.
  func makeVirtualPool(
    _ name: String, packets: Int, dataRoom: Int, start: (EALOptions) throws(DPDKError) -> EAL
  ) throws(RuntimeError) -> PacketPool {
    let wanted = file.engine[EngineSettings.packets] ?? packets + mostHeld(workers: 1)
    do throws(DPDKError) {
      _ = try start(.forReplay(of: self, packets: wanted, dataRoom: dataRoom))
      return try PacketPool(name: name, packets: wanted, dataRoom: dataRoom)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Builds stages without running them, for what they say of themselves.
  private func build(in context: StageContext, where isWanted: (StageType) -> Bool) {
    for stage in ownStages.map(\.plan) where isWanted(stage.type) {
      _ = stage.type.problem(with: stage.settings, in: context)
    }
  }

  /// What all pools take together, those that ports have for themselves included, and the tables.
  func memoryNeed(workers: Int) -> MemoryNeed {
    let (sizes, byPort) = poolSizes(workers: workers)
    let shared = sizes.map { PacketPool.memory(packets: $0.packets, dataRoom: $0.dataRoom) }
    let own = zip(ports, byPort).compactMap { port, place in
      (try? Device.parse(port.device))?.ownPool(
        port.options(workers: workers), dataRoom: sizes[place].dataRoom)
    }
    return (shared + own).reduce(tableMemory(workers: workers), +)
  }

  func makePools(workers: Int) throws(DPDKError) -> [PacketPool] {
    var pools: [PacketPool] = []
    for size in poolSizes(workers: workers).sizes {
      pools.append(
        try PacketPool(
          name: "pool of \(size.dataRoom)-byte buffers", packets: size.packets,
          dataRoom: size.dataRoom, numaNode: size.numaNode))
    }
    return pools
  }

  /// First those that others connect to, and last those that hold the others up until another
  /// program comes. A memif socket that a client of this process was first at is never listened to.
  var openingOrder: [Int] {
    func rank(_ index: Int) -> Int {
      guard let device = try? Device.parse(ports[index].device) else { return 1 }
      return device.waitsForPeer ? 2 : device.servedSocket == nil ? 1 : 0
    }
    return (0...2).flatMap { step in ports.indices.filter { rank($0) == step } }
  }

  func openPort(
    _ index: Int, workers: Int, pools: [PacketPool], captures: LiveCaptures,
    waitingWhile goesOn: () -> Bool
  ) throws(DPDKError) -> DPDK.Port {
    let port = ports[index]
    var device = try port.parsedDevice()
    if let path = captures.partialPath(ofPort: index) { device = device.writing(to: path) }
    return try DPDK.Port.open(
      name: port.name, device: device, options: port.options(workers: workers),
      pool: pools[poolSizes(workers: workers).byPort[index]], waitingWhile: goesOn)
  }
}

extension NICPlan.Port {
  func parsedDevice() throws(DPDKError) -> Device {
    do throws(DeviceProblem) {
      return try Device.parse(device)
    } catch {
      throw DPDKError(
        operation: "open port \(name) (\(device))", cause: error.message, advice: error.fix)
    }
  }

  func options(workers: Int) -> PortOptions {
    var options = PortOptions()
    options.use = []
    if entry != nil { options.use.insert(.receives) }
    if isOutput { options.use.insert(.transmits) }
    options.receiveQueues = settings[PortSettings.queues]
    options.transmitQueues = isOutput ? workers : 1
    options.allowsFewerTransmitQueues = true
    options.receiveDescriptors = settings[PortSettings.receiveDescriptors]
    options.transmitDescriptors = settings[PortSettings.sendDescriptors]
    options.mtu = settings[PortSettings.mtu]
    options.chainedBuffers = settings[PortSettings.buffers] == .chained
    options.promiscuous = settings[PortSettings.promiscuous]
    return options
  }

  /// What the kernel's interface behind the device carries, if there is one.
  var interfaceMTU: Int? { (try? Device.parse(device))?.interfaceMTU }

  /// Where its buffers shall lie: where the file says, or where the card is; virtual devices are
  /// nowhere.
  var numaNode: Int? { settings[PortSettings.numaNode] ?? (try? Device.parse(device))?.numaNode }
}
