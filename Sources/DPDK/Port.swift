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
  public var remarks: [String] { plannedRemarks + [peer?.remark].compactMap { $0 } }
  /// Where received packets lie: the pool it was opened with, but for `af_xdp:` one of its own.
  public let pool: PacketPool

  private let plannedRemarks: [String]
  private var isStarted = false
  private var isHeld = true
  /// The program that the port connects to, where it has to look for it.
  private var peer: MemifServer?
  private let resources: PortResources

  /// Makes the device and configures it; `start` lets packets flow.
  ///
  /// A device that `waitsForPeer` is made when its peer comes; meanwhile `goesOn` is asked every
  /// few milliseconds whether to wait any longer, and when not, that is an error.
  public static func open(
    name: String, device: Device, options: PortOptions = PortOptions(), pool: PacketPool,
    waitingWhile goesOn: () -> Bool = { true }
  ) throws(DPDKError) -> Port {
    try EAL.require(for: "open port \(name)")
    try check(name, device, options)
    do throws(DeviceRefusal) {
      try device.prepare(options)
    } catch {
      throw error.error(of: name, device)
    }
    let pool = try DriverPools.pool(for: device, options, instead: pool)
    // While it waits for its peer, a user must be able to end that.
    return try Quiet.withoutSignals(when: !device.waitsForPeer) { () throws(DPDKError) in
      try Quiet.withoutOutput(when: device.kind == .afXDP) { () throws(DPDKError) in
        try make(name, device, options, pool, goesOn)
      }
    }
  }

  private static func make(
    _ name: String, _ device: Device, _ options: PortOptions, _ pool: PacketPool,
    _ goesOn: () -> Bool
  ) throws(DPDKError) -> Port {
    let resources = PortResources(isTalkative: device.kind == .afXDP)
    do {
      let id = try resources.create(name, device, options, pool, while: goesOn)
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
    plannedRemarks = plan.remarks
    peer = device.isMemifClient ? MemifServer(device) : nil
  }

  deinit { close() }

  /// Lets packets flow. A port that connects to a memif server which is not there yet starts
  /// without it: see `canConnect`.
  public func start() throws(DPDKError) {
    guard isOpen, !isStarted else { return }
    if peer != nil {
      cdpdk_port_rest(id)
      if canConnect { try connect() }
      return
    }
    try startDriver()
    if device.kind == .afPacket { discardEarlyPackets() }
  }

  private func startDriver() throws(DPDKError) {
    let mark = LogMark()
    let code = cdpdk_port_start(id)
    guard code == 0 else { throw DPDKError("start port \(name)", code: code, since: mark) }
    if device.kind == .memif { cdpdk_memif_guard(id) }
    isStarted = true
  }

  /// Whether the port has no link, and the server that it wants one to can be reached.
  public var canConnect: Bool {
    guard isOpen, let peer, peer.isWorthATry, !(isStarted && link.isUp) else { return false }
    return device.hasServer
  }

  /// Connects to the server, once more if need be. No worker may be polling.
  public func connect() throws(DPDKError) {
    stop()
    cdpdk_port_rest(id)
    peer?.isTried()
    // Between the look and now the server may have gone: then it is looked for again.
    do { try startDriver() } catch { if device.hasServer { throw error } }
  }

  /// The program that the port has not found yet, in words.
  public var awaited: String? { isStarted ? nil : peer?.words }

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
