// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// A rewrite of as many fields at once as do not overlap, with what they hold afterwards.
final class PreparedRewrite: Sendable {
  /// It is only ever read.
  nonisolated(unsafe) let rewrite: Rewrite
  let fields: [Field]
  let readers: [FieldReader]
  let values: [FieldValue]

  private init(_ rewrite: consuming Rewrite, _ assignments: [(Field, FieldValue)]) {
    self.rewrite = rewrite
    fields = assignments.map(\.0)
    readers = fields.map(\.reader)
    values = assignments.map(\.1)
  }

  /// Between them they write every field that can be written.
  static let all: [PreparedRewrite] = {
    var rest = FieldTable.all.filter { $0.access == .writable }.map { ($0, value(for: $0)) }
    var rewrites: [PreparedRewrite] = []
    while !rest.isEmpty {
      var chosen: [(Field, FieldValue)] = []
      rest = rest.filter { assignment in
        guard (try? Rewrite(chosen + [assignment])) != nil else { return true }
        chosen.append(assignment)
        return false
      }
      guard let rewrite = try? Rewrite(chosen), !chosen.isEmpty else { break }
      rewrites.append(PreparedRewrite(rewrite, chosen))
    }
    return rewrites
  }()

  /// Some bits set and some not.
  private static func value(for field: Field) -> FieldValue {
    switch field.kind {
    case .mac: .mac(MACAddress(value: 0xa5a5_5a5a_c3c3))
    case .ipv4, .ip: .ipv4(IPv4Address(value: 0xa5c3_5a3c))
    case .ipv6: .ipv6(IPv6Address(high: 0xa5a5_5a5a_c3c3_3c3c, low: 0x0ff0_a55a_c33c_9669))
    case .number, .hexadecimal, .named, .boolean, .trafficClass:
      .number(0xa5a5_5a5a_c3c3_3c3d & (UInt64.max >> UInt64(64 - field.kind.bits)))
    }
  }
}
