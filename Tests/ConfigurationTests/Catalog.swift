// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Settings
import Wire

/// Stages, ports and an engine that exist only here: one for each kind of setting and reference.
extension FileCatalog {
  static let sample = FileCatalog(
    stages: [parse, count, queue, classify, send, jump, drop, mirror],
    portSettings: [
      Setting<Int>.integer("mtu", in: 64...9600, default: 1500, "The largest packet"),
      Setting<Bool>.boolean("promiscuous", default: true, "Take packets for others too"),
    ],
    engineSettings: [
      Setting<Int>.integer("workers", in: 1...64, default: 1, "Cores that poll"),
      Setting<String>.choice("poll", ["busy", "adaptive"], default: "busy", "How to wait"),
    ],
    deviceProblem: { device in
      guard let colon = device.firstIndex(of: ":") else {
        return SettingProblem("a device needs a ':'", in: device, fix: "write \(device):")
      }
      let driver = device[..<colon]
      if ["null", "pcap", "ring"].contains(driver) { return nil }
      return SettingProblem("unknown driver '\(driver)'", in: driver)
    },
    deviceBelonging: { $0.hasPrefix("ring:") ? "ring \($0.dropFirst(5))" : nil })

  private static let parse = StageDescription(
    name: "parse", summary: "Finds the headers of each packet.", settings: [], shorthand: nil,
    example: "- parse", isFinal: false)

  private static let count = StageDescription(
    name: "count", summary: "Counts packets under a name.",
    settings: [Setting<String>.identifier("name", "What reports call the counter")],
    shorthand: "name", example: "- count: seen", isFinal: false)

  private static let queue = StageDescription(
    name: "queue", summary: "Holds packets until the rate lets them go.",
    settings: [
      Setting<Double>.bitRate("rate", in: 1e3...4e11, "How fast packets leave"),
      Setting<Int>.size("capacity", default: "1MB", "How much it holds"),
      Setting<UInt64?>.duration("idle", in: 1e-6...3600, "When it is forgotten"),
      Setting<SettingValues?>.record(
        "mark",
        [
          Setting<String>.choice("curve", ["red", "step"], default: "red", "The shape"),
          Setting<Int>.size("min", "Where marking begins"),
          Setting<Double>.share("probability", default: "100%", "At most"),
        ], "How it marks congestion"),
    ],
    shorthand: nil, example: "- queue: {rate: 100Gbps}", isFinal: false)

  private static let classify = StageDescription(
    name: "classify", summary: "Gives packets a class.",
    settings: [
      Setting<[SettingValues]>.list(
        "rules",
        of: .record([
          Setting<Expression>.expression("match", "Which packets"),
          Setting<String?>.identifier("class", "Their class"),
          Setting<String?>.port("output", "Where they go"),
          Setting<IPPrefix?>.prefix("source", "Where they come from"),
        ]), "The first that matches wins")
    ],
    shorthand: "rules", example: "- classify: [{match: udp, class: lossless}]", isFinal: false)

  private static let send = StageDescription(
    name: "send", summary: "Sends packets.",
    settings: [Setting<String>.port("port", "Where to")], shorthand: "port",
    example: "- send: host", isFinal: true)

  private static let jump = StageDescription(
    name: "jump", summary: "Goes on in another pipeline.",
    settings: [Setting<String>.pipeline("pipeline", "Which one")], shorthand: "pipeline",
    example: "- jump: slow", isFinal: true)

  private static let drop = StageDescription(
    name: "drop", summary: "Drops packets.",
    settings: [Setting<String>.identifier("reason", default: "policy", "Why")],
    shorthand: "reason", example: "- drop: unwanted", isFinal: true)

  private static let mirror = StageDescription(
    name: "mirror", summary: "Sends copies to other ports.",
    settings: [
      Setting<[String]>.list("ports", of: .port, default: "[]", "Where to"),
      Setting<Int>.integer("every", in: 1...1000, default: 1, "One packet in this many"),
    ],
    shorthand: nil, example: "- mirror: {ports: [host]}", isFinal: false)
}
