// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing
import Wire

extension Running {
  /// What the parser's options are for, by the conditions that hold afterwards.
  @Suite struct ParseSettingTests {
    private func isFound(
      _ condition: String, in packet: [UInt8], _ settings: KeyValuePairs<String, String> = [:]
    ) throws -> Bool {
      let stand = try Stand(
        stage("parse", settings), stage("send", ["port": "out"], when: condition),
        stage("drop", ["reason": "other"]))
      try stand.run([packet])
      stand.checkBalance()
      return stand.sent().count == 1
    }

    /// A datagram to `port` that has these bytes.
    private func datagram(_ payload: [UInt8], port: Int) -> [UInt8] {
      var bytes = packet("eth / ipv4 / udp / \(payload.count)B")
      bytes[36] = UInt8(port >> 8)
      bytes[37] = UInt8(port & 0xff)
      bytes.replaceSubrange(42..., with: payload)
      return bytes
    }

    /// A send of the opcode, its payload of 24 bytes, and the ICRC's place.
    private func roce(_ opcode: UInt8) -> [UInt8] {
      [opcode, 0, 0xff, 0xff, 0, 0, 0, 0x11, 0, 0, 0, 7] + [UInt8](repeating: 0, count: 28)
    }

    private let uet: [UInt8] = [0x10, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 3]

    @Test func rocePortsAreThoseOfTheList() throws {
      let known = datagram(roce(0x04), port: 4791)
      let other = datagram(roce(0x04), port: 5000)
      #expect(try isFound("roce", in: known))
      #expect(try !isFound("roce", in: other))
      #expect(try isFound("roce", in: other, ["roce-ports": "5000"]))
      #expect(try !isFound("roce", in: known, ["roce-ports": "5000"]))
      #expect(try isFound("roce", in: known, ["roce-ports": "[1, 2, 3, 4791]"]))
    }

    @Test func reliableDatagramMayBeDynamicallyConnected() throws {
      let send = datagram(roce(0x44), port: 4791)
      #expect(try isFound("rdeth", in: send))
      #expect(try isFound("roce and not rdeth", in: send, ["reliable-datagram": "dc"]))
    }

    @Test func ultraEthernetPortsAreThoseOfTheList() throws {
      for port in [4793, 49150] {
        #expect(try isFound("uet.psn == 1", in: datagram(uet, port: port)))
        #expect(try !isFound("uet", in: datagram(uet, port: port), ["uet-ports": "[]"]))
      }
      #expect(try isFound("uet", in: datagram(uet, port: 7), ["uet-ports": "7"]))
    }

    @Test(arguments: [
      ("never", "4210", false, false), ("ports", "4210", true, false),
      ("ports", "[]", false, false), ("detect", "[]", true, true),
    ])
    func iwarpIsFoundWhereTheSettingsAllowIt(
      _ mode: String, _ ports: String, _ isKnown: Bool, _ isOther: Bool
    ) throws {
      let settings: KeyValuePairs = ["iwarp": mode, "iwarp-ports": ports]
      #expect(try isFound("ddp", in: segment(port: 4210), settings) == isKnown)
      #expect(try isFound("ddp", in: segment(port: 80), settings) == isOther)
    }

    /// A frame of a send on queue 0, without a CRC.
    private func segment(port: Int) -> [UInt8] {
      let frame: [UInt8] =
        [0, 18, 0x41, 0x43] + [UInt8](repeating: 0, count: 11) + [1]
        + [UInt8](repeating: 0, count: 8)
      var bytes = packet("eth / ipv4 / tcp / \(frame.count)B")
      bytes[36] = UInt8(port >> 8)
      bytes[37] = UInt8(port & 0xff)
      bytes.replaceSubrange(54..., with: frame)
      return bytes
    }

    @Test(arguments: [
      (["roce-ports": "[]"], "'roce-ports' has no port"),
      (["uet-ports": "[1, 2, 3, 4, 5]"], "'uet-ports' has 5 ports"),
      (["vxlan-ports": "4791"], "port 4791 of 'vxlan-ports' is already in 'roce-ports'"),
      (["roce-ports": "[7, 7]"], "port 7 of 'roce-ports' is already in 'roce-ports'"),
      (["uet-ports": "6081"], "port 6081 of 'uet-ports' is already Geneve's"),
      (["roce-ports": "0"], "0 is out of range: expected a whole number from 1 to 65535"),
      (["tunnels": "5"], "5 is out of range: expected a whole number from 0 to 4"),
    ])
    func portsThatCannotBeAreRefused(_ settings: [String: String], _ message: String) {
      for (name, value) in settings { #expect(complaint([name: value]) == message) }
    }

    /// What is said against settings, be it of one alone or of all together.
    private func complaint(_ settings: KeyValuePairs<String, String>) -> String? {
      do {
        _ = try Stand(stage("parse", settings), stage("send", ["port": "out"]))
        return nil
      } catch {
        return (error as? StageBuildError)?.error.message ?? (error as? SettingsError)?.message
      }
    }

    @Test func sixteenPortsOfIWARPAreTheMost() throws {
      let ports = (1...16).map { String($0) }.joined(separator: ", ")
      #expect(try isFound("ddp", in: segment(port: 16), ["iwarp-ports": "[\(ports)]"]))
      #expect(complaint(["iwarp-ports": "[\(ports), 17]"]) == "'iwarp-ports' has 17 ports")
    }
  }
}
