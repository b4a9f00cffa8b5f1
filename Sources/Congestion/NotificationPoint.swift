// SPDX-License-Identifier: BSD-3-Clause

/// What decides whether a marked packet is answered with a congestion notification: at most one in
/// an interval for each sender, which DCQCN calls the notification point.
public struct NotificationPoint: ~Copyable {
  /// Nanoseconds in which a sender is notified once.
  public let interval: UInt64
  public let capacity: Int
  /// By sender: when it was last notified.
  private let times: UnsafeMutablePointer<UInt64>

  /// Stands for never.
  private static var never: UInt64 { .max }

  public init(interval: UInt64, capacity: Int) {
    self.interval = interval
    self.capacity = capacity
    times = .allocate(capacity: capacity)
    times.initialize(repeating: Self.never, count: capacity)
  }

  deinit { times.deallocate() }

  /// Whether a sender, by its number below `capacity`, may be notified at `now`.
  @inline(__always)
  public func admits(_ number: Int, at now: UInt64) -> Bool {
    let last = times[number]
    // Time that goes back is taken for no time that passed.
    return last == Self.never || (now >= last && now &- last >= interval)
  }

  /// Says that the sender is notified.
  @inline(__always)
  public mutating func notify(_ number: Int, at now: UInt64) { times[number] = now }
}

/// The same for senders that have no numbers: places by a hash of what a sender is known by.
public struct HashedNotificationPoint: ~Copyable {
  private struct Place {
    var hash: UInt64 = 0
    var time: UInt64 = .max
  }

  public let interval: UInt64
  private let places: UnsafeMutablePointer<Place>
  private let mask: UInt64

  /// How many places are looked at.
  private static var reach: UInt64 { 16 }

  /// - Parameter logarithm: two to this power are the places.
  public init(interval: UInt64, logarithm: Int) {
    self.interval = interval
    mask = 1 << UInt64(logarithm) - 1
    places = .allocate(capacity: 1 << logarithm)
    places.initialize(repeating: Place(), count: 1 << logarithm)
  }

  deinit { places.deallocate() }

  /// The place of the sender with this hash, if it may be notified at `now`. A place whose time is
  /// over is as good as a free one. A sender that finds none, since all near its own are in use, is
  /// notified in the last of them.
  public func place(admitting hash: UInt64, at now: UInt64) -> Int? {
    var free: Int?
    for distance in 0..<Self.reach {
      let number = Int(truncatingIfNeeded: (hash &+ distance) & mask)
      let place = places[number]
      let isOver = place.time == .max || (now >= place.time && now &- place.time >= interval)
      if place.hash == hash, place.time != .max { return isOver ? number : nil }
      if isOver, free == nil { free = number }
    }
    return free ?? Int(truncatingIfNeeded: (hash &+ Self.reach &- 1) & mask)
  }

  /// Says that the sender is notified.
  public mutating func notify(_ place: Int, _ hash: UInt64, at now: UInt64) {
    places[place] = Place(hash: hash, time: now)
  }
}
