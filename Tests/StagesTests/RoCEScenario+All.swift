// SPDX-License-Identifier: BSD-3-Clause
import Telemetry

extension RoCEScenario {
  static let all: [RoCEScenario] = messages + losses + answers + congestion

  private static let messages: [RoCEScenario] = [
    RoCEScenario(
      "a write of three packets and its acknowledgement",
      [
        ask(0, first(5)), ask(2, middle(6)), ask(4, last(7)), ask(10, acknowledge(7)),
        ask(20, only(8)), ask(25, acknowledge(8)),
      ],
      [
        .packets: 6 + 2, .messages: 2 + 2, .writeRequests: 1, .largestMessage: 600,
        .acknowledgementRequests: 2, .pathMTU: 256, .acknowledgements: 2, .acknowledged: 1,
        .roundTrips: 2, .roundTripTime: 11_000, .shortestRoundTrip: 5_000,
        .longestRoundTrip: 6_000, .completions: 2, .completionTime: 15_000,
        .outOfSequence: 0, .retransmitted: 0,
      ]),
    RoCEScenario(
      "sequence numbers that come round",
      [ask(0, only(0xff_fffe)), ask(1, only(0xff_ffff)), ask(2, only(0)), ask(3, only(1))],
      [.messages: 4 + 2, .outOfSequence: 0, .retransmitted: 0, .sequenceRestarts: 0]),
    RoCEScenario(
      "a read takes the sequence numbers of its response",
      [
        ask(0, first(1)), ask(1, middle(2)), ask(2, last(3)), ask(3, read(4, 600)),
        ask(7, response(0x0d, 4)), ask(8, response(0x0e, 5)), ask(9, response(0x0f, 6, 88)),
        ask(10, only(7)),
      ],
      [
        .readRequests: 1, .outOfSequence: 0, .readResponses: 3, .readAnswers: 1,
        .readAnswerTime: 4_000, .responsesMissing: 0, .impliedErrors: 0, .largestMessage: 600,
      ]),
    RoCEScenario(
      "the request behind a read tells the path MTU",
      [ask(0, read(4, 2000)), ask(1, only(6)), ask(2, read(7, 1500)), ask(3, only(9))],
      [.outOfSequence: 0, .pathMTU: 1024, .readRequests: 2]),
    RoCEScenario(
      "atomic operations", [ask(0, fetchAdd(1)), ask(3, response(0x12, 1, 8))],
      [.atomicRequests: 1, .readResponses: 1]),
    RoCEScenario(
      "a jump beyond all that can be missing",
      [ask(0, only(1)), ask(1, only(5_000_000)), ask(2, only(5_000_001))],
      [.sequenceRestarts: 1, .outOfSequence: 0, .missing: 0]),
  ]

  private static let losses: [RoCEScenario] = [
    RoCEScenario(
      "a packet that comes late",
      [ask(0, only(1)), ask(1, only(3)), ask(5, only(2)), ask(6, only(4))],
      [
        .outOfSequence: 1, .missing: 1, .reordered: 1, .lost: 0, .retransmitted: 0, .rewinds: 0,
        .messages: 4 + 2,
      ]),
    RoCEScenario(
      "a loss, a NAK, and the sender goes back",
      [
        ask(0, only(1)), ask(1, only(3)), ask(2, only(4)), ask(10, acknowledge(2, 0x60)),
        ask(20, only(2)), ask(21, only(3)), ask(22, only(4)), ask(23, only(5)),
      ],
      [
        .outOfSequence: 1, .missing: 1, .lost: 1, .recovered: 1, .reordered: 0,
        .retransmitted: 2, .rewinds: 1, .rewindsAfterNAK: 1, .sequenceErrors: 1, .timeouts: 0,
        .messages: 5 + 2,
      ]),
    RoCEScenario(
      "a loss behind the point of measurement",
      [
        ask(0, only(1)), ask(1, only(2)), ask(2, only(3)), ask(10, acknowledge(2, 0x60)),
        ask(20, only(2)), ask(21, only(3)), ask(22, only(4)),
      ],
      [.retransmitted: 2, .rewindsAfterNAK: 1, .outOfSequence: 0, .messages: 4 + 2]),
    RoCEScenario(
      "losses that stay losses",
      [ask(0, only(1)), ask(1, only(4)), ask(500, only(5))],
      [.missing: 2, .lost: 2, .recovered: 0, .reordered: 0]),
    RoCEScenario(
      "a packet that was doubled",
      [ask(0, only(1)), ask(1, only(1)), ask(2, only(2))],
      [.duplicates: 1, .retransmitted: 0, .rewinds: 0]),
    RoCEScenario(
      "a timeout",
      [ask(0, only(1)), ask(1, only(2)), ask(67_001, only(2)), ask(67_002, only(3))],
      [.timeouts: 1, .rewinds: 1, .retransmitted: 1, .duplicates: 0]),
    RoCEScenario(
      "a read that is asked for again",
      [
        ask(0, only(1)), ask(1, read(2, 100)), ask(2, only(3)), ask(5000, read(2, 100)),
        ask(5001, only(3)),
      ],
      [.repeatedReads: 1, .retransmitted: 2, .readRequests: 1]),
    RoCEScenario(
      "more gaps than are remembered",
      (0..<80).map { ask(UInt64($0), only(UInt32($0) * 2)) },
      [.outOfSequence: 79, .missing: 79, .gapsForgotten: 15, .lost: 64]),
  ]

  private static let answers: [RoCEScenario] = [
    RoCEScenario(
      "a receiver that is not ready",
      [
        ask(0, only(1)), ask(5, acknowledge(1, 0x2c)), ask(800, only(1)), ask(805, acknowledge(1)),
      ],
      [
        .receiverNotReady: 1, .receiverNotReadyWait: 640_000, .receiverNotReadyTimer: 640_000,
        .rewindsAfterRNR: 1, .retransmitted: 1, .timeouts: 0,
      ]),
    RoCEScenario(
      "NAKs by their codes",
      [
        ask(0, only(1)), ask(1, acknowledge(1, 0x61)), ask(2, acknowledge(1, 0x62)),
        ask(3, acknowledge(1, 0x63)), ask(4, acknowledge(1, 0x64)),
      ],
      [
        .invalidRequests: 1, .accessErrors: 1, .operationalErrors: 1, .invalidDatagramRequests: 1,
        .sequenceErrors: 0, .acknowledgements: 0,
      ]),
    RoCEScenario(
      "a response that lacks a packet",
      [
        ask(0, first(1)), ask(1, last(2)), ask(2, read(3, 600)), ask(7, response(0x0d, 3)),
        ask(8, response(0x0f, 5, 88)), ask(9, response(0x0f, 5, 88)),
      ],
      [.responsesMissing: 1, .responsesRepeated: 1]),
    RoCEScenario(
      "an answer behind a response that is missing",
      [ask(0, only(1)), ask(2, read(2, 100)), ask(3, only(3)), ask(9, acknowledge(3))],
      [.impliedErrors: 1]),
    RoCEScenario(
      "one direction only", isPaired: false,
      [ask(0, only(1)), ask(1, only(3)), ask(300, only(2)), ask(301, only(3))],
      [.lost: 1, .recovered: 1, .retransmitted: 1, .rewinds: 1, .roundTrips: 0]),
  ]

  private static let congestion: [RoCEScenario] = [
    RoCEScenario(
      "marks and the notification",
      [
        ask(0, withECN(3, only(1))), ask(2, withECN(3, only(2))), ask(12, notify()),
        ask(13, withECN(3, notify())),
      ],
      [
        .ceMarked: 3, .notifications: 2, .notificationsMarked: 1, .notificationDelays: 1,
        .notificationDelay: 12_000,
      ]),
    RoCEScenario(
      "data that changes to Not-ECT",
      [ask(0, withECN(2, only(1))), ask(1, withECN(0, only(2))), ask(2, withECN(1, only(3)))],
      [.notECT: 1, .ecnChanges: 2]),
    RoCEScenario(
      "wrong invariant CRCs are no part of a sequence", verifies: true,
      [ask(0, only(1)), ask(1, only(9))],
      [.checksVerified: 4, .checksWrong: 4, .outOfSequence: 0, .messages: 0]),
  ]
}
