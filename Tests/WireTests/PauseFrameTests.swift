// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

@Suite("Pause frames") struct PauseFrameTests {
  private func pause(_ quanta: UInt16) -> [UInt8] {
    written { PauseFrame.writePause(quanta, from: MACAddress(value: 0x000f_5d30_4150), to: $0) }
  }

  private func priorityPause(_ vector: UInt8, _ quanta: InlineArray<8, UInt16>) -> [UInt8] {
    written {
      PauseFrame.writePFC(
        vector: vector, quanta, from: MACAddress(value: 0x0200_0000_000b), to: $0)
    }
  }

  /// A frame that is written over bytes of something else.
  private func written(_ write: (UnsafeMutableRawPointer) -> Void) -> [UInt8] {
    var frame = [UInt8](repeating: 0xee, count: PauseFrame.length)
    frame.withUnsafeMutableBytes { if let start = $0.baseAddress { write(start) } }
    return frame
  }

  private func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    let start = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    return start.map { UInt8($0) } + [UInt8](repeating: 0, count: 60 - start.count)
  }

  /// Wireshark's sample Ethernet_Pause_Frame.cap, which a switch sent.
  @Test func aPauseFrameIsThatOfASwitch() {
    #expect(pause(0) == bytes("0180c2000001 000f5d304150 8808 0001 0000"))
    #expect(pause(.max) == bytes("0180c2000001 000f5d304150 8808 0001 ffff"))
  }

  /// scapy's MACControlClassBasedFlowControl(c3_enabled=1, c3_pause_time=65535).
  @Test func aPriorityFrameIsThatOfScapy() {
    #expect(
      priorityPause(1 << 3, [0, 0, 0, .max, 0, 0, 0, 0])
        == bytes("0180c2000001 02000000000b 8808 0101 0008 000000000000ffff"))
  }

  @Test func timesThatDoNotCountAreNotWritten() {
    #expect(
      priorityPause(0b101, [1, 2, 3, 4, 5, 6, 7, 8])
        == bytes("0180c2000001 02000000000b 8808 0101 0005 000100000003"))
  }

  @Test func theParserReadsWhatIsWritten() {
    let frames = [(pause(7), Layers.pause), (priorityPause(0xff, .init(repeating: 9)), .pfc)]
    for (frame, layer) in frames {
      let headers = CapturedPacket(bytes: frame, wireLength: 60, link: .ethernet).parsed()
      #expect(headers.layers == [.ethernet, layer])
      #expect(headers.malformation == .none)
    }
  }

  @Test(.enabled(if: !SharedCaptures.lines(of: "command -v tshark").isEmpty))
  func tsharkReadsWhatIsWritten() {
    let packets = [
      pause(4711), priorityPause(0b1000_0001, [10, 0, 0, 0, 0, 0, 0, 80]),
      priorityPause(0b10_1000, [0, 0, 0, 0, 0, .max, 0, 0]),
    ].map { CapturedPacket(bytes: $0, wireLength: 60, link: .ethernet) }
    let words =
      ["eth.dst", "macc.opcode", "macc.pause_time", "macc.cbfc.enbv"]
      + [0, 3, 5, 7].map { "macc.cbfc.pause_time.c\($0)" } + ["_ws.expert.message"]
    let group = "01:80:c2:00:00:01"
    #expect(
      FieldTshark.read(packets, words) == [
        [group[...], "0x0001", "4711", "", "", "", "", "", ""],
        [group[...], "0x0101", "", "0x0081", "10", "0", "0", "80", ""],
        [group[...], "0x0101", "", "0x0028", "0", "0", "65535", "0", ""],
      ])
  }
}
