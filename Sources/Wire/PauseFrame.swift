// SPDX-License-Identifier: BSD-3-Clause

/// Frames that stop a sender, as they are written.
public enum PauseFrame {
  /// The shortest Ethernet frame, without its check sequence.
  public static var length: Int { 60 }
  /// The address that no bridge forwards (IEEE 802.3, Annex 31B.1).
  public static var destination: MACAddress { MACAddress(value: 0x0180_c200_0001) }

  /// A PAUSE frame, for all traffic, to `bytes`, where there is room for `length`.
  public static func writePause(
    _ quanta: UInt16, from source: MACAddress, to bytes: UnsafeMutableRawPointer
  ) {
    begin(MACControl.pause, from: source, bytes)
    bytes.storeNetwork(quanta, at: 16)
  }

  /// A PFC frame to `bytes`, where there is room for `length`.
  ///
  /// - Parameters:
  ///   - vector: the priorities whose times count, a bit each.
  ///   - quanta: the times by priority; where they do not count, 0 is written.
  public static func writePFC(
    vector: UInt8, _ quanta: InlineArray<8, UInt16>, from source: MACAddress,
    to bytes: UnsafeMutableRawPointer
  ) {
    begin(MACControl.priorityFlowControl, from: source, bytes)
    bytes.storeNetwork(UInt16(vector), at: 16)
    for priority in 0..<8 where vector >> UInt8(priority) & 1 != 0 {
      bytes.storeNetwork(quanta[priority], at: 18 + 2 * priority)
    }
  }

  private static func begin(
    _ opcode: UInt16, from source: MACAddress, _ bytes: UnsafeMutableRawPointer
  ) {
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: length)
    bytes.storeAddress(destination, at: 0)
    bytes.storeAddress(source, at: 6)
    bytes.storeNetwork(EtherType.macControl.rawValue, at: 12)
    bytes.storeNetwork(opcode, at: 14)
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func storeNetwork(_ value: UInt16, at offset: Int) {
    storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
  }

  fileprivate func storeAddress(_ address: MACAddress, at offset: Int) {
    storeNetwork(UInt16(truncatingIfNeeded: address.value >> 32), at: offset)
    storeBytes(
      of: UInt32(truncatingIfNeeded: address.value).bigEndian, toByteOffset: offset + 2,
      as: UInt32.self)
  }
}
