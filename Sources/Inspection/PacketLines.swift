// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What makes a packet's line: number, time, addresses, length, what it is, queue pair and sequence
/// number, the verdict on its ICRC, and what else it says.
final class PacketLine {
  private let time: TimeStyle
  private let endpoints = Endpoints()
  private let length = ReadyField("packet.length")
  private let captured = ReadyField("packet.captured")
  private let opcode = ReadyField("bth.opcode")
  private let queuePair = ReadyField("bth.dest_qp")
  private let sequence = ReadyField("bth.psn")
  private let type = ReadyField("eth.type")
  private let ipProtocol = ReadyField("ip.protocol")
  private let tunnelID = ReadyField("tunnel.id")
  private let outerSource = ReadyField("ip.src")
  private let outerDestination = ReadyField("ip.dst")

  /// Facts whose fields packets with the same headers have.
  private var facts = LayerMemory<[Fact]>()

  init(time: TimeStyle) { self.time = time }

  static let columns: [GrowingColumns.Column] = [
    .init(isRight: true), .init(isRight: true), .init(isRight: true), .init(gap: 1),
    .init(gap: 1), .init(isRight: true), .init(), .init(), .init(),
    .init(isRight: true, gap: 1), .init(), .init(),
  ]

  /// A text for each column; an empty one for what the packet does not have.
  func cells(_ packet: ShownPacket) -> [String] {
    let ends = endpoints.texts(packet)
    let psn = text(sequence, packet)
    let kind = kind(packet)
    return [
      String(packet.number), packet.time.text(time), ends.source,
      ends.source.isEmpty ? "" : ">", ends.destination, lengths(packet), kind,
      text(queuePair, packet).map { "qp \($0)" } ?? "", psn == nil ? "" : "psn", psn ?? "",
      packet.icrc == .unchecked ? "" : "icrc \(packet.icrc.name)",
      facts(packet, kind).joined(separator: " "),
    ]
  }

  /// First what follows a header that is the last one that is known, and marks that are no fields.
  private func facts(_ packet: ShownPacket, _ kind: String) -> [String] {
    var facts: [String] = []
    switch kind {
    case "eth": facts += text(type, packet).map { ["type=\($0)"] } ?? []
    case "ipv4", "ipv6": facts += text(ipProtocol, packet).map { ["protocol=\($0)"] } ?? []
    default: break
    }
    if let tunnel = tunnel(packet) { facts.append(tunnel) }
    if packet.layers.contains(.fragment) { facts.append("fragment") }
    if packet.layers.contains(.sourceRouted) { facts.append("source-routed") }
    let present = self.facts.recall(packet.layers) { Fact.all.filter { $0.isPresent(in: packet) } }
    return facts + present.compactMap { $0.text(packet) }
  }

  /// The cells on a line of their own, without the room that columns would take.
  func text(_ packet: ShownPacket) -> String {
    var text = ""
    for (cell, column) in zip(cells(packet), Self.columns) where !cell.isEmpty {
      text += (text.isEmpty ? "" : String(repeating: " ", count: column.gap)) + cell
    }
    return text
  }

  private func text(_ field: ReadyField?, _ packet: ShownPacket) -> String? {
    field.flatMap { packet.text(of: $0) }
  }

  /// `96 of 1082` when the packet was cut.
  private func lengths(_ packet: ShownPacket) -> String {
    let (length, captured) = (text(length, packet) ?? "", text(captured, packet) ?? "")
    return length == captured ? length : "\(captured) of \(length)"
  }

  /// The innermost tunnel with its number, and its ends: `in vxlan 10 of 10.0.0.1 > 10.0.0.2`.
  private func tunnel(_ packet: ShownPacket) -> String? {
    guard packet.source.headers(0).pointee.tunnelCount > 0 else { return nil }
    let word = LayerWords.innermost(of: packet.layers.intersection(.tunnels)) ?? "tunnel"
    let number = text(tunnelID, packet).map { " \($0)" } ?? ""
    guard let source = text(outerSource, packet), let destination = text(outerDestination, packet)
    else { return "in \(word)\(number)" }
    return "in \(word)\(number) of \(source) > \(destination)"
  }

  private func kind(_ packet: ShownPacket) -> String {
    text(opcode, packet) ?? LayerWords.innermost(of: packet.layers) ?? "?"
  }
}

/// Shows packets as lines in columns.
final class LinePrinter: PacketPrinter {
  private let line: PacketLine
  private var columns = GrowingColumns(PacketLine.columns)

  init(time: TimeStyle) { line = PacketLine(time: time) }

  func show(_ packet: ShownPacket, in output: TextOutput) {
    if columns.add(line.cells(packet)) { flush(into: output) }
  }

  func flush(into output: TextOutput) { output.add(columns.takeLines()) }
}
