// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Pipeline
import Wire

/// The hosts of a simulation: queue pairs that write as fast as they may.
///
/// A queue pair has at most two packets between its host and the first cable, so that whatever
/// holds these back (a rate limiter, a paused queue) holds the host back, as the scheduler of an
/// adapter does. Nothing is sent again: a lost packet is lost.
final class SimulatedTraffic {
  struct QueuePair {
    let frames: RDMAWriteFrames
    let from: PortIndex
    let to: PortIndex
    let rate: Double
    let mtu: Int
    let message: Int
    let start: UInt64
    /// Bytes to write, of all messages.
    var left: Int
    /// What is written of the message at hand.
    var written = 0
    /// The next packet's sequence number.
    var sequence: UInt32 = 0
    /// Packets between the host and the first cable.
    var underWay = 0
    /// When the sender's rate allows the next packet.
    var ready: UInt64
    var stage = Stage.idle
    /// What left by a cable, in bytes of the wire.
    var sentBytes: UInt64 = 0

    enum Stage {
      case idle, connecting, writing, done
    }

    /// When it next does something by itself.
    var next: UInt64 {
      switch stage {
      case .idle: start
      case .writing where underWay < 2: ready
      default: .max
      }
    }
  }

  /// A packet that a host sends.
  struct Post {
    let port: PortIndex
    let bytes: [UInt8]
    let wireLength: Int
    /// Of data: the queue pair.
    var queuePair: Int?
  }

  private(set) var queuePairs: [QueuePair] = []
  /// By packet: the queue pair that it is of.
  private var underWay: [Packet: Int] = [:]
  /// What hosts answer at once.
  private var answers: [Post] = []
  private var answered = 0
  private(set) var next: UInt64 = .max
  private var nextPair = 0
  /// Packets of data that arrived at their host.
  private(set) var arrived: UInt64 = 0

  private static let firstQueuePair: UInt32 = 0x100
  private static let writes = UInt8(6)...UInt8(11)

  init(_ traffic: [SimulationPlan.Traffic], from start: UInt64) {
    for (place, part) in traffic.enumerated() { add(part, place, from: start) }
    chooseNext()
  }

  private func add(_ part: SimulationPlan.Traffic, _ place: Int, from start: UInt64) {
    let settings = part.settings
    for number in 0..<settings[SimulationSettings.queuePairs] {
      let queuePair = Self.firstQueuePair + 2 * UInt32(queuePairs.count)
      let network = 0x0a00_0000 + UInt32(place & 0x7f) << 17
      let frames = RDMAWriteFrames(
        sender: .init(address: network + 1 + UInt32(number), queuePair: queuePair),
        receiver: .init(address: network + 0x1_0001, queuePair: queuePair + 1),
        dscp: UInt8(settings[SimulationSettings.dscp]))
      let begin =
        start + settings[SimulationSettings.start]
        + UInt64(number) * settings[SimulationSettings.stagger]
      queuePairs.append(
        QueuePair(
          frames: frames, from: part.from, to: part.to, rate: settings[SimulationSettings.rate],
          mtu: settings[SimulationSettings.mtu], message: settings[SimulationSettings.message],
          start: begin, left: settings[SimulationSettings.bytes] ?? .max, ready: begin))
    }
  }

  private func chooseNext() {
    next = .max
    for place in queuePairs.indices where queuePairs[place].next < next {
      (next, nextPair) = (queuePairs[place].next, place)
    }
  }

  /// The next packet that a host sends by `now`.
  func post(until now: UInt64) -> Post? {
    if answered < answers.count {
      answered += 1
      return answers[answered - 1]
    }
    answers.removeAll(keepingCapacity: true)
    answered = 0
    guard next <= now else { return nil }
    defer { chooseNext() }
    guard queuePairs[nextPair].stage == .writing else { return connect() }
    return write(at: now)
  }

  private func connect() -> Post {
    queuePairs[nextPair].stage = .connecting
    let request = queuePairs[nextPair].frames.request
    return Post(port: queuePairs[nextPair].from, bytes: request, wireLength: request.count)
  }

  private func write(at now: UInt64) -> Post {
    var pair = queuePairs[nextPair]
    let ofMessage = min(pair.message - pair.written, pair.left)
    let payload = min(pair.mtu, ofMessage)
    let isFirst = pair.written == 0
    let isLast = payload == ofMessage
    let operation: Opcode.Operation =
      isFirst ? (isLast ? .writeOnly : .writeFirst) : (isLast ? .writeLast : .writeMiddle)
    let (bytes, wireLength) = pair.frames.data(
      operation, payload: payload, sequence: pair.sequence, asksForAnswer: isLast)
    pair.sequence = (pair.sequence + 1) & 0xff_ffff
    pair.written = isLast ? 0 : pair.written + payload
    if pair.left < .max { pair.left -= payload }
    pair.underWay += 1
    let bits = Double((wireLength + Int(Ethernet.wireOverhead)) * 8)
    pair.ready = max(pair.ready, now) + UInt64(bits * 1e9 / pair.rate)
    if pair.left == 0 { pair.stage = .done }
    queuePairs[nextPair] = pair
    return Post(port: pair.from, bytes: bytes, wireLength: wireLength, queuePair: nextPair)
  }

  /// Notes which packet a post became.
  func follow(_ packet: Packet, of queuePair: Int) { underWay[packet] = queuePair }

  /// A packet has left its first pipeline: by a cable, of which it took so many bytes, or not.
  func leave(_ packet: Packet, bytes: UInt64?) {
    guard let pair = underWay.removeValue(forKey: packet) else { return }
    queuePairs[pair].underWay -= 1
    queuePairs[pair].sentBytes += bytes ?? 0
    chooseNext()
  }

  /// A packet has arrived at the host of a port, which may answer.
  func arrive(_ bytes: UnsafeRawBufferPointer) {
    let transport = 14 + 20 + 8
    guard bytes.count >= transport + BTH.headerLength, bytes[12] == 8, bytes[13] == 0 else {
      return
    }
    let opcode = bytes[transport]
    let queuePair = Self.word(bytes, transport + 4) & 0xff_ffff
    if queuePair == 1 { return hear(bytes, at: transport + 20) }
    guard Self.writes.contains(opcode), let place = place(of: queuePair) else { return }
    arrived += 1
    let sequence = Self.word(bytes, transport + 8)
    guard sequence >> 31 == 1 else { return }
    answer(queuePairs[place].frames.acknowledgement(of: sequence & 0xff_ffff), place)
  }

  /// A message of the communication manager.
  private func hear(_ bytes: UnsafeRawBufferPointer, at datagram: Int) {
    guard bytes.count >= datagram + 256, let place = place(of: Self.word(bytes, datagram + 24))
    else { return }
    let frames = queuePairs[place].frames
    switch bytes[datagram + 17] {
    case 0x10: answer(frames.reply, place)
    case 0x13 where queuePairs[place].stage == .connecting:
      queuePairs[place].stage = .writing
      chooseNext()
    default: break
    }
  }

  private func answer(_ bytes: [UInt8], _ place: Int) {
    answers.append(Post(port: queuePairs[place].to, bytes: bytes, wireLength: bytes.count))
  }

  /// The senders' numbers are even, the receivers' odd.
  private func place(of queuePair: UInt32) -> Int? {
    guard queuePair >= Self.firstQueuePair else { return nil }
    let place = Int((queuePair - Self.firstQueuePair) / 2)
    return place < queuePairs.count ? place : nil
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Nobody sends anything any more.
  func end() {
    for place in queuePairs.indices { queuePairs[place].stage = .done }
    answers = []
    answered = 0
    chooseNext()
  }

  /// Whether answers wait to be sent.
  var hasAnswers: Bool { answered < answers.count }
}
