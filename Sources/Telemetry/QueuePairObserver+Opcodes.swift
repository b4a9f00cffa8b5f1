// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Wire

/// Packets by opcode.
extension QueuePairObserver {
  /// A run of packets that is not yet counted, and of which queue pair.
  struct EndedRun: BitwiseCopyable {
    var number: Int
    var run: OpcodeRun
  }

  /// Counts the packet by its opcode, together with those before that are alike. What ends so is
  /// counted after the burst: until then the memory is on its way.
  @inline(__always)
  mutating func tally(_ opcode: UInt8, _ record: Record) {
    let facts = opcodes[Int(opcode)]
    if record.pointee.run.difference(to: facts.run) != 0 {
      let number = number(of: record)
      let run = record.pointee.run
      endedRuns[endedRunCount] = EndedRun(number: number, run: run)
      endedRunCount &+= 1
      cdpdk_prefetch(
        UnsafeRawPointer(details + number) + QueuePairDetails.place(of: run.opcode) &* 8)
      record.pointee.run = OpcodeRun(opcode: facts.run)
    }
    record.pointee.run.add(facts.step)
  }

  @inline(never)
  mutating func countEndedRuns() {
    for place in 0..<endedRunCount {
      let number = endedRuns[place].number
      endedRuns[place].run.count {
        (details + number).pointee.count($0, $1)
        memory.opcodes[Int($0)] &+= $1
      }
    }
    endedRunCount = 0
  }
}

extension QueuePairDetails {
  /// Where packets of an opcode are counted. Those of one write lie in one cache line, and those of
  /// one send.
  @inline(__always)
  static func place(of opcode: UInt8) -> Int { Int((opcode &- 6) & 31) }

  /// Notifications come to queue pairs of any transport. Their place is one that no operation has:
  /// the lower bits of their opcode are those of a send.
  private static var notification: Int { place(of: 31) }

  mutating func count(_ opcode: UInt8, _ packets: UInt64) {
    guard packets > 0 else { return }
    let isNotification = opcode == Opcode.cnp.rawValue
    opcodes[isNotification ? Self.notification : Self.place(of: opcode)] &+= packets
    if !isNotification { transport = opcode &>> 5 }
  }

  /// The opcode that is counted in a place.
  func opcode(_ place: Int) -> UInt8 {
    place == Self.notification
      ? Opcode.cnp.rawValue : transport &<< 5 | (UInt8(truncatingIfNeeded: place) &+ 6) & 31
  }
}
