// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// A VLAN tag to be put on packets (IEEE 802.1Q-2018, 9.3).
struct VLANTag {
  /// The tag protocols there are.
  enum TagProtocol: String, CaseIterable, Sendable {
    case customer = "802.1Q"
    case service = "802.1ad"
  }

  static let id: Setting<Int> = .integer("id", in: 0...4094, "The VLAN; 0 only gives a priority")
  static let pcp: Setting<Int> = .integer("pcp", in: 0...7, default: 0, "The priority code point")
  static let dei: Setting<Bool> = .boolean(
    "dei", default: false, "The drop eligible indicator")
  static let type: Setting<TagProtocol> = .choice(
    "type", default: .customer, "The tag protocol: 802.1Q (0x8100) or 802.1ad (0x88a8)")

  static var settings: [any SettingDeclaration] { [id, pcp, dei, type] }

  static var length: Int { 4 }
  /// Both Ethernet addresses stand in front of the tag.
  static var addressesLength: Int { 12 }

  /// Tag protocol and tag control information, in host order.
  private let value: UInt32

  init(_ settings: SettingValues) {
    let ethertype: UInt32 = settings[Self.type] == .customer ? 0x8100 : 0x88a8
    let control =
      UInt32(settings[Self.pcp]) << 13 | (settings[Self.dei] ? 1 << 12 : 0)
      | UInt32(settings[Self.id])
    value = ethertype << 16 | control
  }

  var bytes: [UInt8] { value.bytes }

  func write(to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: value.bigEndian, as: UInt32.self)
  }
}
