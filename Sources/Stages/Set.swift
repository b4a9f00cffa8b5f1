// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings
import Wire

/// Writes fields and VLAN tags; checksums are right afterwards.
public struct SetFields: Stage, ~Copyable {
  public static var name: String { "set" }
  public static var summary: String {
    "Writes header fields, and pushes or pops VLAN tags; checksums are right afterwards."
  }
  public static var settings: [any SettingDeclaration] { [popVLAN, pushVLAN] + fields }
  public static var example: String {
    """
    - set: {eth.dst: "02:00:00:00:00:02", ip.dscp: 26, ip.ttl: 63}
    - set: {push-vlan: {id: 100, pcp: 3}}
      when: not vlan
    """
  }

  static let popVLAN: Setting<Bool> = .boolean(
    "pop-vlan", default: false, "Take off the outermost VLAN tag, before anything else")
  static let pushVLAN: Setting<SettingValues?> = .record(
    "push-vlan", VLANTag.settings, "Put on a VLAN tag, before fields are written")
  /// One for each field that can be written; a packet without the field's header is left as it is.
  static let fields: [Setting<FieldValue?>] = FieldTable.writable.map { .field($0) }

  private let pops: Bool
  private let tag: VLANTag?
  private let rewrite: Rewrite
  /// Packets that had no room for a tag in front of them.
  private var untagged: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    pops = settings[Self.popVLAN]
    tag = settings[Self.pushVLAN].map { VLANTag($0) }
    var assignments: [(Field, FieldValue)] = []
    for setting in Self.fields {
      guard let value = settings[setting], let field = FieldTable.field(named: setting.name) else {
        continue
      }
      assignments.append((field, value))
    }
    do throws(FieldError) {
      rewrite = try Rewrite(assignments)
    } catch {
      let name = assignments.last?.0.name ?? Self.name
      throw SettingsError(setting: name, message: "\(error)")
    }
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    if pops { popTags(selection, of: &burst) }
    if let tag { push(tag, on: selection, of: &burst) }
    rewrite.apply(selection.bits, burst)
  }

  /// A tag behind a capture's cooked header has no Ethernet addresses in front of it.
  private static var tagged: Layers {
    Layers(rawValue: Layers.ethernet.rawValue | Layers.vlan.rawValue)
  }

  @inline(never)
  private func popTags(_ selection: Selection, of burst: inout Burst) {
    for index in selection where burst.headers(index).pointee.layers.contains(Self.tagged) {
      let old = burst.mutableBytes(index)
      guard burst.removeFirst(VLANTag.length, of: index) else { continue }
      burst.mutableBytes(index).copyMemory(from: old, byteCount: VLANTag.addressesLength)
      Parse.parseAgain(index, of: &burst)
    }
  }

  @inline(never)
  private mutating func push(_ tag: VLANTag, on selection: Selection, of burst: inout Burst) {
    for index in selection where burst.headers(index).pointee.layers.contains(.ethernet) {
      let old = burst.mutableBytes(index)
      guard let new = burst.prepend(VLANTag.length, to: index) else {
        untagged &+= 1
        continue
      }
      new.copyMemory(from: old, byteCount: VLANTag.addressesLength)
      tag.write(to: new + VLANTag.addressesLength)
      Parse.parseAgain(index, of: &burst)
    }
  }

  public func figures() -> [StageFigure] {
    untagged > 0 ? [StageFigure("not tagged: no room in front", untagged)] : []
  }
}
