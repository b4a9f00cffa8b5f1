// SPDX-License-Identifier: BSD-3-Clause

extension HistogramSnapshot {
  /// 0 where there are no values; too small once the sum has come to the end of 64 bits.
  public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// The value that at least the share `share` of the values, 0 to 1, do not exceed: within
  /// `relativeError` of it, but for values beyond the histogram's range. 0 where there are none.
  public func quantile(_ share: Double) -> UInt64 {
    guard share > 0 else { return minimum }
    guard share < 1 else { return maximum }
    let rank = max((Double(count) * share).rounded(.up), 1)
    var passed: UInt64 = 0
    for bucket in buckets {
      passed &+= bucket.count
      if Double(passed) >= rank { return middle(of: bucket) }
    }
    return maximum
  }

  /// That of the values that a bucket can have: those from the minimum to the maximum.
  private func middle(of bucket: Bucket) -> UInt64 {
    let lowest = max(bucket.lowest, minimum)
    let highest = min(bucket.highest, maximum)
    return lowest < highest ? lowest + (highest - lowest) / 2 : min(lowest, maximum)
  }

  /// Adds the values of a histogram of the same shape: as if one had seen the values of both.
  public mutating func merge(with other: HistogramSnapshot) {
    guard other.count > 0 else { return }
    minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    count &+= other.count
    sum = sum.addingWithoutWrapping(other.sum)
    relativeError = max(relativeError, other.relativeError)
    merge(other.buckets)
  }

  /// Both are in ascending order, and so is what they become.
  private mutating func merge(_ others: [Bucket]) {
    var merged: [Bucket] = []
    merged.reserveCapacity(buckets.count + others.count)
    var rest = others[...]
    for bucket in buckets {
      while let first = rest.first, first.lowest < bucket.lowest {
        merged.append(rest.removeFirst())
      }
      merged.append(bucket)
      if let first = rest.first, first.lowest == bucket.lowest {
        merged[merged.count - 1].count &+= rest.removeFirst().count
      }
    }
    buckets = merged + rest
  }
}
