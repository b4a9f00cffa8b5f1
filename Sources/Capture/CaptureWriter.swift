// SPDX-License-Identifier: BSD-3-Clause

public import Wire

/// Writes a capture file with nanoseconds; the same packets always give the same bytes.
///
/// The file is called `PATH.partial` until `finish()`. A writer that is dropped before leaves it
/// under that name, or removes it when no packet was written.
public final class CaptureWriter {
  /// As given; "-" is standard output.
  public let path: String
  public let format: CaptureFormat
  /// Longer packets are cut to this many bytes and keep their original length.
  public let snapLength: Int
  /// How many packets were taken, the buffered ones included.
  public private(set) var packetsWritten: UInt64 = 0

  private let output: OutputFile
  private var buffer = OutputBuffer(capacity: 1 << 20)
  /// Where each packet in the buffer ends, and its length on the wire.
  private var buffered: [(end: Int, length: UInt32)] = []
  /// What has reached the file: whole packets, and their lengths on the wire together.
  public private(set) var inFile: (packets: UInt64, wireBytes: UInt64) = (0, 0)
  private var fileLength: UInt64 = 0
  private var encoder: CaptureEncoder
  private var comments = CommentTable()
  private var failure: CaptureError?
  private var isFinished = false

  /// What libpcap and Wireshark accept at most.
  public static let longestPacket = 262_144

  /// Without a format the extension decides; standard output, pipes and devices get pcapng.
  public init(
    path: String, format: CaptureFormat? = nil, snapLength: Int = CaptureWriter.longestPacket
  ) throws(CaptureError) {
    self.path = path
    self.format = if let format { format } else { try Self.format(of: path) }
    self.snapLength = min(max(snapLength, 1), Self.longestPacket)
    encoder = CaptureEncoder(format: self.format, snapLength: UInt32(self.snapLength))
    output = try OutputFile(path: path)
  }

  deinit {
    if isFinished { return }
    if failure == nil { _ = try? flush() }
    output.abandon(keeping: inFile.packets > 0)
  }

  /// Registers a text (4 KiB at most) for `write`; pcap has no room for comments and drops them.
  public func comment(_ text: String) -> CommentID { comments.register(text) }

  public func write(
    _ bytes: UnsafeRawBufferPointer, nanoseconds: UInt64, originalLength: UInt32,
    linkType: LinkType, comment: CommentID = .none
  ) throws(CaptureError) {
    if let failure { throw failure }
    let kept = UnsafeRawBufferPointer(rebasing: bytes.prefix(snapLength))
    let packet = OutgoingPacket(
      bytes: kept, nanoseconds: nanoseconds,
      originalLength: max(originalLength, UInt32(clamping: bytes.count)), linkType: linkType)
    let options = comments[comment]
    if buffer.room < kept.count + options.count + CaptureEncoder.overhead { try flush() }
    let interface = try interface(of: packet)
    encoder.encode(packet, interface: interface, options: options, in: &buffer)
    buffered.append((buffer.count, packet.originalLength))
    packetsWritten += 1
  }

  /// Hands over what is buffered to the system.
  public func flush() throws(CaptureError) {
    if let failure { throw failure }
    let (written, code) = output.write(buffer.bytes)
    let whole = buffered.prefix { $0.end <= written }
    inFile.packets += UInt64(whole.count)
    inFile.wireBytes += whole.reduce(0) { $0 + UInt64($1.length) }
    fileLength += UInt64(code == 0 ? written : whole.last?.end ?? 0)
    buffer.removeAll()
    buffered.removeAll(keepingCapacity: true)
    guard code != 0 else { return }
    output.truncate(toLength: fileLength)
    let error = writeError(errno: code)
    failure = error
    throw error
  }

  /// Writes the rest and gives the file its name; a file without packets says Ethernet.
  public func finish() throws(CaptureError) {
    if isFinished { return }
    if encoder.interfaces.isEmpty { encoder.begin(.ethernet, in: &buffer) }
    try flush()
    isFinished = true
    try output.finish()
  }

  private func interface(of packet: OutgoingPacket) throws(CaptureError) -> Int {
    if format == .pcap { try checkFitsPcap(packet) }
    if let known = encoder.interfaces.firstIndex(of: packet.linkType) { return known }
    encoder.begin(packet.linkType, in: &buffer)
    return encoder.interfaces.count - 1
  }

  private func checkFitsPcap(_ packet: OutgoingPacket) throws(CaptureError) {
    if let first = encoder.interfaces.first, first != packet.linkType {
      throw unfit("packet \(packetsWritten + 1) is \(packet.linkType) where the first is \(first)")
    }
    if packet.nanoseconds / 1_000_000_000 > UInt64(UInt32.max) {
      throw unfit("the time of packet \(packetsWritten + 1) is past the year 2106")
    }
  }

  private func unfit(_ problem: String) -> CaptureError {
    CaptureError(
      file: output.file, problem: problem + ", which pcap cannot hold",
      advice: "write pcapng instead: name the file .pcapng")
  }

  private func writeError(errno code: Int32) -> CaptureError {
    let error = CaptureError(file: output.file, operation: "write it", errno: code)
    let place = output.partialPath.map { " to \($0)" } ?? ""
    return CaptureError(
      file: error.file, problem: error.problem,
      advice: "\(CaptureError.written(inFile.packets))\(place); \(error.advice)")
  }

  /// Whether a path without a known extension will do: standard output, pipes and devices.
  public static func choosesFormat(for path: String) -> Bool {
    path == "-" || OutputFile.isSpecial(path)
  }

  private static func format(of path: String) throws(CaptureError) -> CaptureFormat {
    if let format = CaptureFormat(path: path) { return format }
    if choosesFormat(for: path) { return .pcapng }
    throw CaptureError(
      file: path, problem: "its extension does not say which format to write",
      advice: "name it .pcap or .pcapng")
  }
}
