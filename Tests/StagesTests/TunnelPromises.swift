// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Wire

@testable import Stages

/// What may be expected of the stages that put packets into tunnels, take them out and make one
/// RoCE of the other, whatever the packet is.
final class TunnelPromises {
  /// An input's first bytes: the pipeline; how long its buffers are and how much longer it was on
  /// the wire; the link type. The packet follows.
  static let prefixLength = 3

  private let pipelines: [[PromisedPipeline]]

  /// - Parameter pool: a pool of packets whose buffers have this data room.
  init(pool: (_ dataRoom: UInt16) throws -> OpaquePointer) throws {
    let pools = try Self.dataRooms.map(pool)
    pipelines = try Self.lists().map { stages in
      try pools.map { pool in
        try PromisedPipeline([PipelinePlan(name: "main", stages: stages)], pool)
      }
    }
  }

  /// The headroom is in it: the smallest buffers part the headers of most packets.
  private static let dataRooms: [UInt16] = [256, 320, 640, 2176]

  static var pipelineCount: Int { changes.count }

  private static let changes: [[(type: StageType, settings: KeyValuePairs<String, String>)]] = {
    let (encapsulate, decapsulate) = (StageType(Encapsulate.self), StageType(Decapsulate.self))
    let convert = StageType(ConvertRoCE.self)
    let ends: KeyValuePairs = [
      "type": "vxlan", "id": "5001", "src": "192.0.2.1", "dst": "192.0.2.2",
      "eth-src": "02:00:00:00:00:01", "eth-dst": "02:00:00:00:00:02", "checksum": "true",
    ]
    let other: KeyValuePairs = [
      "type": "geneve", "id": "7", "src": "2001:db8::1", "dst": "2001:db8::2",
      "eth-src": "02:00:00:00:00:01", "eth-dst": "02:00:00:00:00:02", "dscp": "46",
      "ecn": "compatibility", "options": "0102800100000000",
    ]
    return [
      [(encapsulate, ends)], [(encapsulate, other)], [(decapsulate, [:])],
      [(decapsulate, ["critical-options": "ignore"])], [(convert, ["to": "v1"])],
      [(convert, ["to": "v2"])], [(convert, ["to": "v2", "source-port": "49152"])],
      [(encapsulate, ends), (decapsulate, [:])],
      [(encapsulate, other), (encapsulate, ends), (encapsulate, other)],
      [(decapsulate, [:]), (convert, ["to": "v1"]), (encapsulate, other)],
      [(convert, ["to": "v1"]), (convert, ["to": "v2"])],
      [(convert, ["to": "v2"]), (convert, ["to": "v1"]), (decapsulate, [:])],
    ]
  }()

  /// Each change with a witness before and behind it.
  private static func lists() throws(SettingsError) -> [[StagePlan]] {
    var lists: [[StagePlan]] = []
    for changes in changes {
      let parse = StageType(Parse.self)
      var stages = [try StagePlan.plan(parse, ["malformed": "pass"])]
      stages.append(try .plan(Witness.type))
      for (number, change) in changes.enumerated() {
        stages.append(try .plan(change.type, change.settings))
        stages.append(try .plan(Witness.type, ["place": "\(number + 1)"]))
      }
      lists.append(stages + [try .plan(StageType(Send.self), ["port": "out"])])
    }
    return lists
  }

  /// The promise that is broken, or nil.
  func broken(by input: [UInt8]) -> String? {
    guard input.count > Self.prefixLength else { return nil }
    let number = Int(input[0]) % Self.changes.count
    let pipeline = pipelines[number][Int(input[1]) % Self.dataRooms.count]
    let links = LinkType.allCases
    let link = input[2] < 128 ? .ethernet : links[Int(input[2]) % links.count]
    let bytes = Array(input.dropFirst(Self.prefixLength))
    let arrival = PromisedPipeline.Arrival(
      bytes: bytes, wireLength: bytes.count + Int(input[1] >> 4) * 100)
    if let broken = pipeline.run([arrival], link: link) { return broken }
    let types = Self.changes[number].map(\.type.description.name)
    return brokenHeaders(types) ?? brokenICRC(types)
      ?? brokenReturn(types, bytes, pipeline.sent[1].packets)
  }

  /// What is known of a packet after its headers moved is what a parser finds.
  private func brokenHeaders(_ types: [String]) -> String? {
    guard let wrong = Witness.sightings.first(where: { !$0.isParsed }) else { return nil }
    let type = wrong.place == 0 ? "parse" : types[wrong.place - 1]
    return "\(type) leaves other headers than there are"
  }

  private func brokenICRC(_ types: [String]) -> String? {
    for (before, after) in zip(Witness.sightings, Witness.sightings.dropFirst())
    where types[before.place] == ConvertRoCE.name {
      let isSure = before.icrc == .good || before.icrc == .bad
      if isSure && after.icrc != before.icrc {
        return "convert-roce makes an ICRC \(after.icrc) that is \(before.icrc)"
      }
    }
    return nil
  }

  /// What was put into a tunnel comes out of it as it was.
  private func brokenReturn(
    _ types: [String], _ arrived: [UInt8], _ left: [[UInt8]]
  ) -> String? {
    guard types == [Encapsulate.name, Decapsulate.name], !left.isEmpty else { return nil }
    return left == [arrived] ? nil : "a packet comes out of its tunnel as another one"
  }
}
