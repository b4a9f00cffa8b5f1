// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// A network port: a DPDK device, made for it and gone with it, for the control thread alone.
public final class Port {
  public let name: String
  public let device: Device
  /// What `cdpdk_receive` and `cdpdk_send` want.
  public let id: UInt16
  /// The queues there are; some drivers have them in pairs, and then all must be polled.
  public let receiveQueues: Int
  public let transmitQueues: Int
  /// What a user should know although it is no error.
  public let remarks: [String]
  /// Where received packets lie: the pool it was opened with, but for `af_xdp:` one of its own.
  public let pool: PacketPool

  private var isStarted = false
  private var isHeld = true
  private let resources: PortResources

  /// Makes the device and configures it; `start` lets packets flow.
  public static func open(
    name: String, device: Device, options: PortOptions = PortOptions(), pool: PacketPool
  ) throws(DPDKError) -> Port {
    try EAL.require(for: "open port \(name)")
    try check(name, device, options)
    try device.prepare(options)
    let pool = try DriverPools.pool(for: device, options, instead: pool)
    // A virtio_user server waits here for its client: a user must be able to end that.
    return try Quiet.withoutSignals(when: device.kind != .virtioUser) { () throws(DPDKError) in
      try Quiet.withoutOutput(when: device.kind == .afXDP) { () throws(DPDKError) in
        try make(name, device, options, pool)
      }
    }
  }

  private static func make(
    _ name: String, _ device: Device, _ options: PortOptions, _ pool: PacketPool
  ) throws(DPDKError) -> Port {
    let resources = PortResources(isTalkative: device.kind == .afXDP)
    do {
      let id = try resources.create(name, device, options, pool)
      let limits = try PortLimits(id, port: name)
      var plan = try PortPlan(
        port: name, device: device, options: options, limits: limits.values,
        dataRoom: pool.dataRoom)
      try configure(name, id, plan, pool)
      plan.remarks += try resources.finish(id, device, options)
      return Port(name: name, device: device, id: id, plan: plan, pool: pool, resources: resources)
    } catch {
      resources.release()
      throw error
    }
  }

  /// Whether `id` is this port's number; afterwards it may be another's.
  var isOpen: Bool { isHeld && EAL.isRunning }

  private init(
    name: String, device: Device, id: UInt16, plan: PortPlan, pool: PacketPool,
    resources: PortResources
  ) {
    self.name = name
    self.device = device
    self.id = id
    self.pool = pool
    self.resources = resources
    receiveQueues = Int(plan.settings.receive_queues)
    transmitQueues = Int(plan.settings.transmit_queues)
    remarks = plan.remarks
  }

  deinit { close() }

  public func start() throws(DPDKError) {
    guard isOpen, !isStarted else { return }
    let mark = LogMark()
    let code = cdpdk_port_start(id)
    guard code == 0 else { throw DPDKError("start port \(name)", code: code, since: mark) }
    isStarted = true
    if device.kind == .afPacket { discardEarlyPackets() }
  }

  /// The driver's sockets hear every interface of the machine until they are bound to theirs; all
  /// of them are bound by now, and what came before is not this port's.
  private func discardEarlyPackets() {
    let capacity = 64
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<cdpdk_mbuf>.self, capacity: capacity) {
      guard let packets = $0.baseAddress else { return }
      for queue in 0..<UInt16(clamping: receiveQueues) {
        // More than a socket holds; a busy interface never lets it run empty.
        for _ in 0..<1024 {
          let count = cdpdk_receive(id, queue, packets, UInt16(capacity))
          cdpdk_free(packets, UInt32(count))
          if count == 0 { break }
        }
      }
    }
  }

  /// Stops the flow of packets. No worker may be polling.
  public func stop() {
    guard isStarted else { return }
    isStarted = false
    if EAL.isRunning { cdpdk_port_stop(id) }
  }

  /// Stops the port and removes its device. What waits in its queues goes back to the pool.
  public func close() {
    guard isHeld else { return }
    stop()
    isHeld = false
    resources.release()
  }

  private static func check(
    _ name: String, _ device: Device, _ options: PortOptions
  ) throws(DPDKError) {
    do {
      try device.check(options.use)
    } catch {
      throw DPDKError(
        operation: "open port \(name) (\(device))", cause: error.message, advice: error.fix)
    }
    let counts = [options.receiveQueues, options.transmitQueues]
    guard counts.allSatisfy({ (0...1024).contains($0) }) else {
      throw DPDKError(
        operation: "open port \(name)", cause: "a port has 1024 queues at most", advice: nil)
    }
  }

  private static func configure(
    _ name: String, _ id: UInt16, _ plan: PortPlan, _ pool: PacketPool
  ) throws(DPDKError) {
    func attempt(_ what: String, _ call: () -> Int32) throws(DPDKError) {
      let mark = LogMark()
      let code = call()
      if code != 0 { throw DPDKError("\(what) of port \(name)", code: code, since: mark) }
    }
    var settings = plan.settings
    try attempt("configure the queues") { cdpdk_port_configure(id, &settings) }
    var receive = plan.receiveDescriptors
    var transmit = plan.transmitDescriptors
    try attempt("choose the descriptors") { cdpdk_port_descriptors(id, &receive, &transmit) }
    for queue in 0..<settings.receive_queues {
      try attempt("set up receive queue \(queue)") {
        cdpdk_port_receive_queue(id, queue, receive, pool.handle)
      }
    }
    for queue in 0..<settings.transmit_queues {
      try attempt("set up transmit queue \(queue)") {
        cdpdk_port_transmit_queue(id, queue, transmit)
      }
    }
  }
}
