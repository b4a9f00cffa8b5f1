// SPDX-License-Identifier: BSD-3-Clause

/// The rate of one sender of congestion-controlled data: what DCQCN calls the reaction point.
///
/// Timers are not run: what they would have done by a time is worked out when that time is asked
/// for, in the order in which they would have ended. Alpha is computed at notifications and at
/// reductions only, so the state at a time does not depend on when it was looked at before. What
/// ends at the time of a notification or packet ended before it; of an increase and a reduction at
/// one time the increase comes first.
@frozen
public struct ReactionPoint: BitwiseCopyable, Sendable {
  /// Rc, in bits per second.
  public private(set) var rate: UInt64
  /// Rt: never below the rate.
  public private(set) var targetRate: UInt64
  /// When the rate was last reduced, or raised by time.
  @usableFromInline var increasedAt: UInt64 = 0
  /// When alpha was last computed: an end of its update periods.
  private var alphaAt: UInt64 = 0
  /// The end of a reduction period: the one that is waited for, or the last.
  @usableFromInline var reductionAt: UInt64 = 0
  private var alpha: RateFraction = .zero
  /// Bytes sent since they last raised the rate.
  private var bytes: UInt32 = 0
  /// How often time and bytes have raised the rate since it was reduced.
  private var timeStage: UInt32 = 0
  private var byteStage: UInt32 = 0
  /// Whether a notification came since alpha's last update.
  private var wasNotified = false
  /// Whether one came since the end of the last reduction period.
  @usableFromInline var awaitsReduction = false
  /// Whether the rate was reduced: nothing raises it before.
  @usableFromInline var wasReduced = false
  /// Whether there was a notification since the rate was the line's.
  public private(set) var isLimited = false

  /// A sender that may send as fast as the line.
  public init(lineRate: UInt64) {
    rate = lineRate
    targetRate = lineRate
  }

  /// Whether the rate has come back to the line's, and will stay there.
  @inlinable
  public func hasRecovered(_ parameters: UnsafePointer<ReactionPointParameters>) -> Bool {
    rate == parameters.pointee.lineRate && !awaitsReduction && (wasReduced || !isLimited)
  }

  /// Does what timers would have done until `now`.
  ///
  /// - Returns: whether the rate was reduced.
  @inlinable @inline(__always) @discardableResult
  public mutating func advance(
    to now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) -> Bool {
    let isReductionDue = awaitsReduction && reductionAt <= now
    let isIncreaseDue = wasReduced && now &- increasedAt >= parameters.pointee.incrementTime
    guard isReductionDue || isIncreaseDue else { return false }
    return advanceTimers(to: now, parameters)
  }

  @inline(never) @usableFromInline
  mutating func advanceTimers(
    to now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) -> Bool {
    let isDue = awaitsReduction && reductionAt <= now
    if isDue {
      raise(until: reductionAt, parameters)
      updateAlpha(until: reductionAt, parameters)
      reduce(at: reductionAt, parameters)
      awaitsReduction = false
    }
    raise(until: now, parameters)
    return isDue
  }

  /// Takes a congestion notification.
  ///
  /// - Returns: whether the rate was reduced at once, or by a timer before.
  @discardableResult
  public mutating func notify(
    at now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) -> Bool {
    let wasDue = advance(to: now, parameters)
    guard isLimited else { return begin(at: now, parameters) }
    switch parameters.pointee.feedback {
    case .perNotification:
      updateAlpha(until: now, parameters)
      reduceAtOnce(at: now, parameters)
      return true
    case .perPeriod:
      updateAlpha(until: now, parameters)
      wasNotified = true
      awaitReduction(after: now, parameters)
      return wasDue
    }
  }

  /// The first notification.
  private mutating func begin(
    at now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) -> Bool {
    isLimited = true
    alpha = parameters.pointee.initialAlpha
    alphaAt = now
    if let initial = parameters.pointee.initialRate {
      rate = min(max(initial, parameters.pointee.minimumRate), parameters.pointee.lineRate)
      targetRate = rate
    }
    switch parameters.pointee.feedback {
    case .perNotification:
      reduceAtOnce(at: now, parameters)
      return true
    case .perPeriod:
      // Reduction periods end one nanosecond after those of alpha with which they would coincide.
      reductionAt = now &+ parameters.pointee.rateReductionPeriod &+ 1
      awaitsReduction = true
      return false
    }
  }

  /// A notification of the paper: the rate falls by the old alpha, and alpha rises.
  private mutating func reduceAtOnce(
    at now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    reduce(at: now, parameters)
    alpha = Self.raised(alpha, parameters)
    alphaAt = now
  }

  private mutating func awaitReduction(
    after now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    guard !awaitsReduction else { return }
    let period = parameters.pointee.rateReductionPeriod
    let passed = now > reductionAt ? (now &- reductionAt) / period : 0
    reductionAt &+= (passed &+ 1) &* period
    awaitsReduction = true
  }

  /// Counts a packet that was sent: enough bytes raise the rate.
  @inlinable @inline(__always)
  public mutating func send(
    _ count: UInt32, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    guard wasReduced, parameters.pointee.incrementBytes != nil else { return }
    addBytes(count, parameters)
  }

  @usableFromInline
  mutating func addBytes(_ count: UInt32, _ parameters: UnsafePointer<ReactionPointParameters>) {
    guard let limit = parameters.pointee.incrementBytes else { return }
    var sum = UInt64(bytes) &+ UInt64(count)
    while sum >= limit {
      sum &-= limit
      step(by: increment(parameters), parameters)
      byteStage = byteStage &+ (byteStage < .max ? 1 : 0)
    }
    bytes = UInt32(truncatingIfNeeded: sum)
  }

  /// Alpha as it is at `now`, which is not before the last notification.
  public func alpha(
    at now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) -> RateFraction {
    var copy = self
    copy.advance(to: now, parameters)
    copy.updateAlpha(until: now, parameters)
    return copy.alpha
  }
}

/// What happens at the ends of the periods.
extension ReactionPoint {
  private static func raised(
    _ alpha: RateFraction, _ parameters: UnsafePointer<ReactionPointParameters>
  ) -> RateFraction {
    RateFraction(
      units: parameters.pointee.gain.complement.of(alpha).units &+ parameters.pointee.gain.units)
  }

  private mutating func updateAlpha(
    until now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    let period = parameters.pointee.alphaUpdatePeriod
    guard isLimited, now >= alphaAt, now &- alphaAt >= period else { return }
    var updates = (now &- alphaAt) / period
    alphaAt &+= updates &* period
    if wasNotified {
      alpha = Self.raised(alpha, parameters)
      wasNotified = false
      updates &-= 1
    }
    alpha = parameters.pointee.decay.times(alpha, exponent: updates)
  }

  private mutating func reduce(
    at now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    let clamps =
      parameters.pointee.clampsTargetRate || byteStage > 0
      || (parameters.pointee.clampsAfterTimeIncrement && timeStage > 0)
    if clamps { targetRate = rate }
    let share = RateFraction(units: alpha.units &>> parameters.pointee.decrementShift)
    let most = min(share.units, parameters.pointee.maximumDecrement.units)
    rate = max(rate &- RateFraction(units: most).of(rate), parameters.pointee.minimumRate)
    increasedAt = now
    wasReduced = true
    timeStage = 0
    byteStage = 0
    bytes = 0
  }

  /// Does the increases by time that are due at `now` or before.
  private mutating func raise(
    until now: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    guard wasReduced, now >= increasedAt else { return }
    let period = parameters.pointee.incrementTime
    guard now &- increasedAt >= period else { return }
    var rest = (now &- increasedAt) / period
    increasedAt &+= rest &* period
    while rest > 0, rate < parameters.pointee.lineRate {
      let increment = increment(parameters)
      let distance = targetRate &- rate
      step(by: increment, parameters)
      advanceStage(by: 1)
      rest &-= 1
      // The distance to the target halves until it no longer changes: from then on each step adds
      // the same, so that many are done at once.
      guard targetRate &- rate == distance, increment > 0, isConstant(parameters) else { continue }
      let many = min(rest, (parameters.pointee.lineRate &- targetRate) / increment)
      targetRate &+= many &* increment
      rate &+= many &* increment
      advanceStage(by: many)
      rest &-= many
    }
    advanceStage(by: rest)
  }

  private mutating func advanceStage(by count: UInt64) {
    timeStage = UInt32(clamping: UInt64(timeStage) &+ count)
  }

  /// One increase: the target rises, and the rate goes half the way to it.
  private mutating func step(
    by increment: UInt64, _ parameters: UnsafePointer<ReactionPointParameters>
  ) {
    targetRate = min(targetRate &+ increment, parameters.pointee.lineRate)
    // Rounded up, so that the rate reaches its target.
    rate = (rate &+ targetRate &+ 1) &>> 1
  }

  /// By how much the next increase moves the target: 0 in fast recovery.
  private func increment(_ parameters: UnsafePointer<ReactionPointParameters>) -> UInt64 {
    let isByTimeOnly = parameters.pointee.incrementBytes == nil
    let least = isByTimeOnly ? timeStage : min(timeStage, byteStage)
    let most = max(timeStage, byteStage)
    let threshold = parameters.pointee.threshold
    if most < threshold { return 0 }
    if least <= threshold { return parameters.pointee.additiveIncrement }
    let factor = parameters.pointee.scalesHyperIncrement ? UInt64(least &- threshold) : 1
    let (product, isTooLarge) = parameters.pointee.hyperIncrement
      .multipliedReportingOverflow(by: factor)
    return isTooLarge ? parameters.pointee.lineRate : min(product, parameters.pointee.lineRate)
  }

  /// Whether all further increases by time have the same increment.
  private func isConstant(_ parameters: UnsafePointer<ReactionPointParameters>) -> Bool {
    let threshold = parameters.pointee.threshold
    guard timeStage > threshold else { return false }
    guard parameters.pointee.incrementBytes != nil else {
      return !parameters.pointee.scalesHyperIncrement
    }
    return byteStage <= threshold || !parameters.pointee.scalesHyperIncrement
      || timeStage >= byteStage
  }
}
