// SPDX-License-Identifier: BSD-3-Clause

@testable import Wire

/// Writes a field bit by bit, then looks for the checksums that keep the packet's sums as they
/// were: whatever was correct stays so, and whatever was wrong is wrong by as much.
struct RewriteOracle {
  private let packet: CapturedPacket
  private let headers: Headers

  /// - Parameter headers: what was found before the packet was written to.
  init(_ packet: CapturedPacket, headers: Headers? = nil) {
    self.packet = packet
    self.headers = headers ?? packet.parsed()
  }

  static func checksumOffset(_ layers: Layers) -> Int? {
    if layers.contains(.udp) { return 6 }
    if layers.contains(.tcp) { return 16 }
    return layers.contains(.icmpv6) || layers.contains(.icmp) ? 2 : nil
  }

  func writing(_ field: Field, _ value: FieldValue) -> [UInt8] {
    guard let place = place(of: field, for: value) else { return packet.bytes }
    var bytes = packet.bytes
    for index in 0..<place.width {
      let bit = headers[place.slot] * 8 + place.bit + index
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      let isSet = self.bit(place.width - 1 - index, of: value)
      bytes[bit / 8] = isSet ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask
    }
    guard bytes != packet.bytes else { return bytes }
    correctHeader(&bytes)
    correctICRC(&bytes)
    correctTransport(&bytes)
    return bytes
  }

  private func place(of field: Field, for value: FieldValue) -> FieldPlace? {
    guard
      let place = field.places.all.first(where: { !$0.layers.isDisjoint(with: headers.layers) })
    else { return nil }
    switch value {
    case .ipv4: return place.width == 32 ? place : nil
    case .ipv6: return place.width == 128 ? place : nil
    case .number, .mac: return place
    }
  }

  private func bit(_ significance: Int, of value: FieldValue) -> Bool {
    let word: UInt64 =
      switch value {
      case .number(let number): number
      case .mac(let address): address.value
      case .ipv4(let address): UInt64(address.value)
      case .ipv6(let address): significance >= 64 ? address.high : address.low
      }
    return word >> UInt64(significance % 64) & 1 != 0
  }

  private func correctHeader(_ bytes: inout [UInt8]) {
    guard headers.layers.contains(.ipv4) else { return }
    let start = headers[.network]
    let covered = start..<(start + 20)
    keepSum(of: [covered], checksumAt: start + 10, in: &bytes)
  }

  /// Bit by bit, over all that lies between the route and the ICRC.
  private func correctICRC(_ bytes: inout [UInt8]) {
    let end = Int(headers.rdmaEnd) - 4
    guard headers.layers.contains(.bth), end > 0, end + 4 <= bytes.count else { return }
    let (old, new) = (covered(packet.bytes, end), covered(bytes, end))
    guard old != new else { return }
    let change = PlainCRC.value(of: old) ^ PlainCRC.value(of: new)
    for index in 0..<4 { bytes[end + index] ^= UInt8(change >> UInt32(8 * index) & 0xff) }
  }

  /// With ones for what an ICRC does not cover.
  private func covered(_ bytes: [UInt8], _ end: Int) -> [UInt8] {
    var bytes = bytes
    let network = headers[headers.layers.contains(.grh) ? .route : .network]
    if headers.layers.contains(.ipv4) {
      for index in [1, 8, 10, 11] { bytes[network + index] = 0xff }
    } else if !headers.layers.contains(.lrh) || headers.layers.contains(.grh) {
      bytes[network] |= 0x0f
      for index in [1, 2, 3, 7] { bytes[network + index] = 0xff }
    }
    if headers.layers.contains(.udp) {
      for index in 6...7 { bytes[headers[.transport] + index] = 0xff }
    }
    bytes[headers[.rdma] + 4] = 0xff
    let isLocal = headers.layers.contains(.lrh) && !headers.layers.contains(.grh)
    return Array(bytes[(isLocal ? headers[.rdma] : network)..<end])
  }

  /// The pseudo-header's length and protocol cannot change, so they may be left out.
  private func correctTransport(_ bytes: inout [UInt8]) {
    guard let field = Self.checksumOffset(headers.layers), !headers.layers.contains(.icmp) else {
      return
    }
    let start = headers[.transport]
    let place = start + field
    let isUDP = headers.layers.contains(.udp)
    if isUDP, bytes[place] == 0, bytes[place + 1] == 0 { return }
    keepSum(of: addresses + [start..<bytes.count], checksumAt: place, in: &bytes)
    if isUDP, bytes[place] == 0, bytes[place + 1] == 0 {
      bytes.replaceSubrange(place..<(place + 2), with: [0xff, 0xff])
    }
  }

  private var addresses: [Range<Int>] {
    let start = headers[.network]
    if headers.layers.contains(.ipv4) { return [(start + 12)..<(start + 20)] }
    let source = (start + 8)..<(start + 24)
    if headers.layers.contains(.sourceRouted) { return [source] }
    return [source, (start + 24)..<(start + 40)]
  }

  private func keepSum(
    of ranges: [Range<Int>], checksumAt place: Int, in bytes: inout [UInt8]
  ) {
    let old = ranges.reduce(0) { $0 + sum(packet.bytes, $1) } % 65535
    let new = ranges.reduce(0) { $0 + sum(bytes, $1) } % 65535
    guard old != new else { return }
    let checksum = (Int(bytes[place]) << 8 | Int(bytes[place + 1])) + 65535 + old - new
    bytes.replaceSubrange(
      place..<(place + 2), with: PacketSamples.two(UInt16(checksum % 65535)))
  }

  private func sum(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    range.reduce(0) { sum, index in
      sum + (Int(bytes[index]) << ((index - range.lowerBound) % 2 == 0 ? 8 : 0))
    }
  }
}
