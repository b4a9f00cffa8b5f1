// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings
import Wire

/// What happens to packets of one color.
struct ColorConsequence: ~Copyable {
  private let drops: Bool
  private let reason: DropReason
  private let marks: Bool
  private let rewrite: Rewrite

  init(drops: Bool, reason: DropReason, dscp: Int?) throws(SettingsError) {
    self.drops = drops
    self.reason = reason
    marks = dscp != nil && !drops
    var assignments: [(Field, FieldValue)] = []
    if let dscp, let field = FieldTable.field(named: "ip.dscp") {
      assignments.append((field, .number(UInt64(dscp))))
    }
    do throws(FieldError) {
      rewrite = try Rewrite(assignments)
    } catch {
      throw SettingsError(setting: "dscp", message: "\(error)")
    }
  }

  @inline(__always)
  func apply(to selection: Selection, of burst: inout Burst) {
    if drops { burst.drop(selection, reason) }
    if marks { rewrite.apply(selection.bits, burst) }
  }
}

extension MeterColor {
  var name: String { PacketColor(self).name }

  /// A packet that no meter has seen is as good as any.
  @inline(__always)
  init(_ color: PacketColor) {
    switch color {
    case .none, .green: self = .green
    case .yellow: self = .yellow
    case .red: self = .red
    }
  }
}

extension PacketColor {
  @inline(__always)
  init(_ color: MeterColor) {
    switch color {
    case .green: self = .green
    case .yellow: self = .yellow
    case .red: self = .red
    }
  }
}
