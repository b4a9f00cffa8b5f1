// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// The clock of the control side: time that passes for people.
public enum WallClock {
  /// Nanoseconds since some moment; they never go backwards.
  public static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Nanoseconds since 1970, as this machine has it.
  static var sinceEpoch: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  public static func seconds(since start: UInt64) -> Double {
    Double(nanoseconds &- start) / 1e9
  }

  /// Sleeps, less long when a signal comes.
  static func sleep(nanoseconds: UInt64) {
    var time = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    nanosleep(&time, nil)
  }
}
