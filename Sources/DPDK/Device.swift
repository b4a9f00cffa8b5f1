// SPDX-License-Identifier: BSD-3-Clause

/// The device that a port is, as the pipeline file names it.
public struct Device: Sendable, Equatable, CustomStringConvertible {
  /// What a port is used for.
  public struct Use: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let receives = Use(rawValue: 1)
    public static let transmits = Use(rawValue: 2)
  }

  /// One `key=value` of a device string, or a word that stands alone and has no value.
  struct Argument: Sendable, Equatable {
    let key: String
    let value: String?
  }

  /// The device string itself.
  public let text: String
  public let kind: DeviceKind
  /// What follows the prefix: a file, an interface, a socket, an address; empty when there is none.
  public let target: String
  let arguments: [Argument]

  public var description: String { text }

  func value(_ key: String) -> String? { arguments.first { $0.key == key }?.value }

  func has(_ word: String) -> Bool { arguments.contains { $0.key == word } }

  /// The PCI address of a network card, for `EALOptions.pci`.
  public var pciAddress: String? { kind == .pci ? target : nil }

  /// The file that the port receives from; nil for all but capture files.
  public var inputFile: String? {
    guard kind == .pcap else { return nil }
    return value("in") ?? (target.isEmpty ? nil : target)
  }

  /// The file that the port sends to; nil for all but capture files.
  public var outputFile: String? {
    guard kind == .pcap else { return nil }
    return value("out") ?? (target.isEmpty ? nil : target)
  }

  /// The NUMA node of a network card, for its pool; nil when there is none, or no card.
  public var numaNode: Int? {
    pciAddress.flatMap { PCIDevice($0, in: PCIDevice.directory)?.numaNode }
  }

  /// The MTU of the kernel's interface that the port shall use; nil for other devices.
  public var interfaceMTU: Int? {
    kind == .afPacket || kind == .afXDP ? KernelInterface(target)?.mtu : nil
  }

  /// Throws when a port on this device cannot be used so.
  public func check(_ use: Use) throws(DeviceProblem) {
    guard kind == .pcap else { return }
    let whole = (offset: 0, length: text.utf8.count)
    if !target.isEmpty && use == [.receives, .transmits] {
      throw DeviceProblem(
        message: "one capture file cannot be both received from and sent to", at: whole,
        fix: "write pcap:in=\(target),out=OTHER-FILE")
    }
    if use.contains(.receives) && inputFile == nil {
      throw DeviceProblem(
        message: "the port receives, but its device names no file to receive from", at: whole,
        fix: "add in=FILE")
    }
    if use.contains(.transmits) && outputFile == nil {
      throw DeviceProblem(
        message: "the port sends, but its device names no file to send to", at: whole,
        fix: "add out=FILE")
    }
  }
}
