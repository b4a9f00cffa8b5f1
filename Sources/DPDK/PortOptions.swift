// SPDX-License-Identifier: BSD-3-Clause

/// What a port shall be able to do.
public struct PortOptions: Sendable, Equatable {
  /// What the port is used for, which decides what a capture file's driver is told.
  public var use: Device.Use = [.receives, .transmits]
  public var receiveQueues = 1
  public var transmitQueues = 1
  /// Whether a driver that has fewer transmit queues will do.
  public var allowsFewerTransmitQueues = false
  /// Packets that a queue can hold; the driver's own number when nil.
  public var receiveDescriptors: Int?
  public var transmitDescriptors: Int?
  /// The largest packet behind the Ethernet header, 68 to 9600 bytes; the device's own when nil.
  public var mtu: Int?
  /// Large packets lie in a chain of buffers instead of one large buffer.
  public var chainedBuffers = false
  /// Receives packets for any address.
  public var promiscuous = true

  public static let mtuRange = 68...9600

  public init() {}
}
