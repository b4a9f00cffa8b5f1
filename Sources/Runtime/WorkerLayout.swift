// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Pipeline

/// Who polls and who sends: ports' queues spread over the workers.
///
/// A worker sends through a queue of its own where the port has enough of them. Where it has
/// fewer, the worker hands its packets over a ring to the one that owns the queue.
struct WorkerLayout {
  /// By worker: the receive queues that it polls.
  private(set) var queues: [[PolledQueue]]
  /// By worker: where each port's packets leave.
  private(set) var outputs: [[Output]]
  /// By worker: what it sends for others.
  private(set) var handovers: [[Handover]]
  private var rings: [Ring] = []

  private static let ringCapacity = 4096

  init(_ plan: NICPlan, ports: [DPDK.Port], workers: Int) throws(DPDKError) {
    queues = Array(repeating: [], count: workers)
    outputs = Array(repeating: [], count: workers)
    handovers = Array(repeating: [], count: workers)
    var next = 0
    for (index, port) in ports.enumerated() {
      let place = PortIndex(UInt8(index))
      if let entry = plan.ports[index].entry {
        for queue in 0..<port.receiveQueues {
          queues[next % workers].append(
            PolledQueue(port: port.id, queue: UInt16(queue), index: place, entry: entry))
          next += 1
        }
      }
      try addOutputs(of: port, at: place, workers: workers)
    }
  }

  private mutating func addOutputs(
    of port: DPDK.Port, at place: PortIndex, workers: Int
  ) throws(DPDKError) {
    var ringsByQueue: [Int: Ring] = [:]
    for worker in 0..<workers {
      let queue = worker % max(port.transmitQueues, 1)
      if worker < port.transmitQueues {
        outputs[worker].append(QueueOutput(port: port.id, queue: UInt16(queue)))
      } else {
        let ring: Ring
        if let known = ringsByQueue[queue] {
          ring = known
        } else {
          ring = try Ring(name: "\(port.name) queue \(queue)", capacity: Self.ringCapacity)
          ringsByQueue[queue] = ring
          rings.append(ring)
          handovers[queue].append(
            Handover(ring, port: port.id, queue: UInt16(queue), index: place))
        }
        outputs[worker].append(RingOutput(ring))
      }
    }
  }

  /// Workers with nothing to receive and nothing to send for others.
  var idleWorkers: [Int] {
    queues.indices.filter { queues[$0].isEmpty && handovers[$0].isEmpty }
  }

  /// Gives the rings' memory back; whatever still waits in one goes back to its pool.
  func freeRings() { rings.forEach { $0.close() } }
}
