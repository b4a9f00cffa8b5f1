// SPDX-License-Identifier: BSD-3-Clause

/// How many different things there were, estimated from their hashes in a fixed room (HyperLogLog;
/// Flajolet and others 2007).
///
/// The standard error is 1.04 / sqrt(2^precision) of the number: two of three estimates are within
/// it, and 19 of 20 within its double. One worker adds; others may take snapshots meanwhile.
@frozen
public struct DistinctCount: ~Copyable {
  @usableFromInline let precision: UInt64
  /// By the first bits of hashes: the longest run of zeros, and the one behind it, that came next.
  @usableFromInline let registers: UnsafeMutablePointer<UInt8>

  /// - Parameter precision: Of 4 to 16; 12 takes 4 KB, for a standard error of 1.6 %.
  public init(precision: Int = 12) {
    let precision = min(max(precision, 4), 16)
    self.precision = UInt64(precision)
    registers = .allocate(capacity: 1 << precision)
    registers.initialize(repeating: 0, count: 1 << precision)
  }

  deinit { registers.deallocate() }

  public var byteCount: Int { 1 << precision }

  /// - Parameter hash: Random in all of its bits, and equal for equal things wherever counts are
  ///   merged: of one seed on all workers.
  @inlinable @inline(__always)
  public func add(hash: UInt64) {
    let register = registers + Int(truncatingIfNeeded: hash &>> (64 &- precision))
    // The bit ends the run where all that follows is 0.
    let rest = hash &<< precision | 1 &<< (precision &- 1)
    let run = UInt8(truncatingIfNeeded: rest.leadingZeroBitCount &+ 1)
    if run > register.pointee { register.pointee = run }
  }

  public var snapshot: DistinctCountSnapshot {
    DistinctCountSnapshot(Array(UnsafeBufferPointer(start: registers, count: 1 << precision)))
  }
}

/// How many different things there were up to one instant.
public struct DistinctCountSnapshot: Sendable, Equatable {
  private var registers: [UInt8]

  init(_ registers: [UInt8]) { self.registers = registers }

  /// Relative to the number.
  public var standardError: Double { 1.04 / Double(registers.count).squareRoot() }

  /// Adds what another of the same precision has seen: what both have seen counts once.
  public mutating func merge(with other: DistinctCountSnapshot) {
    precondition(registers.count == other.registers.count, "counts differ in their precision")
    for (place, register) in other.registers.enumerated() {
      registers[place] = max(registers[place], register)
    }
  }

  /// Without the bias that HyperLogLog has where linear counting takes over: it weighs registers
  /// that are empty or full by how probable that is (Ertl 2017, arXiv:1702.01284, algorithm 6).
  public var estimate: Double {
    let count = Double(registers.count)
    let longest = 65 - registers.count.trailingZeroBitCount
    var runs = [Double](repeating: 0, count: longest + 1)
    for register in registers { runs[min(Int(register), longest)] += 1 }
    guard runs[0] < count else { return 0 }
    var sum = count * full(1 - runs[longest] / count)
    for run in (1..<longest).reversed() { sum = (sum + runs[run]) / 2 }
    sum += count * empty(runs[0] / count)
    let most = 0x1p64
    return min(count * count / (2 * Self.logarithmOfTwo * sum), most)
  }

  private static let logarithmOfTwo = 0.693_147_180_559_945_3

  /// What registers without a run contribute, by their share: sigma of the paper. Below 1.
  private func empty(_ share: Double) -> Double {
    var (power, factor, sum) = (share, 1.0, share)
    var before = -1.0
    while sum != before {
      power *= power
      before = sum
      sum += power * factor
      factor += factor
    }
    return sum
  }

  /// What registers with the longest run contribute, by the share of the others: tau of the paper.
  private func full(_ others: Double) -> Double {
    guard others > 0, others < 1 else { return 0 }
    var (root, factor, sum) = (others, 1.0, 1 - others)
    var before = -1.0
    while sum != before {
      root = root.squareRoot()
      before = sum
      factor /= 2
      sum -= (1 - root) * (1 - root) * factor
    }
    return sum / 3
  }
}
