// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Top

struct TopScreenTests {
  static let overview = [
    "Pipelines/telemetry.yaml, up 7 s, 2 workers, 3 queue pairs              overview",
    "in 2Mpps 1.02Gb/s, out 0pps 0b/s, dropped 500pps (most: queue-full)",
    "PORT                                   RX-pps RX-b/s TX-pps TX-b/s MISSED/s LINK",
    "wire                                       2M  1.02G      0      0        0 -   ",
    "host                                        0      0      0      0        0 -   ",
    "STAGE                                PACKETS/s DROPS/s CYCLES    PACKETS DROPPED",
    "ingress/parse                               2M       0   20.0 14,000,000       0",
    "ingress/egress                              2M       0   90.0 14,000,000       0",
    "ingress/send                                2M       0   35.0 14,000,000       0",
    "EVENT               STATE    FOR TIMES QPS AT                         EVIDENCE  ",
    "incast              open  2.50 s    12   8 10.0.0.0>10.0.1.1/0x000010 senders 16",
    "QUEUE PAIR                       b/s PACKETS/s CE/s CNP/s RESENT/s LOST/s RTT-us",
    "10.0.0.0>10.0.1.1/0x000010        1M        1K  100     0        0      0   12.5",
    "10.0.0.1>10.0.1.1/0x000011        2M        1K  100     0        7      0   11.5",
    "10.0.0.2>10.0.1.1/0x000012        3M        1K  100     0       14      0   10.5",
    "", "", "", "", "", "", "", "",
    "q quit  Tab view  s sort  r reverse  / filter  Enter look  p pause  ? help",
  ]

  @Test func theOverviewAtEightyByTwentyFour() {
    var screen = TopScreen(Readings())

    let lines = screen.texts()

    #expect(lines == Self.overview)
    #expect(lines.count == 24)
  }

  @Test(arguments: TopScreen.View.allCases)
  func nothingIsWiderOrHigherThanTheTerminal(view: TopScreen.View) {
    var readings = Readings(queuePairs: 300)
    readings.file = String(repeating: "long/", count: 40) + "ü\u{1B}[2J.yaml"
    var screen = TopScreen(readings)
    while screen.view != view { screen.press(.tab) }
    for (width, height) in [(80, 24), (40, 10), (200, 60), (20, 3), (1, 1), (79, 5)] {
      let lines = screen.texts(width, height)
      #expect(lines.count == height, "\(width)x\(height)")
      #expect(lines.allSatisfy { $0.count <= width }, "\(width)x\(height)")
      #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { " "..."~" ~= $0 } })
    }
  }

  @Test func ratesAreThoseOfTheLastInterval() {
    let screen = TopScreen(Readings())
    let row = screen.frame?.queuePairTable.rows[2].map(\.text)
    #expect(
      row == [Readings().name(2), "3M", "1K", "100", "0", "14", "0", "10.5"])
  }

  @Test func theFirstReadingShowsTheMeanSinceTheStart() {
    var screen = TopScreen()
    screen.take(Readings().reading(at: 5))
    #expect(screen.frame?.portTable.rows[0].map(\.text).prefix(3) == ["wire", "2M", "1.02G"])
  }

  @Test func theSameMomentReadTwiceChangesNothing() {
    var screen = TopScreen(Readings())
    let before = screen.texts()
    screen.take(Readings().reading(at: 7))
    #expect(screen.texts() == before)
  }

  @Test func keysSortByOneColumnAfterTheOtherAndTurnTheOrderRound() {
    var screen = TopScreen(Readings())
    let names = (0..<3).map { Readings().name($0) }
    #expect(screen.names == names)
    screen.press("ss")
    #expect(screen.names == names.reversed(), "by bits per second, most first")
    #expect(screen.texts().contains { $0.hasPrefix("QUEUE PAIR") && $0.contains("*b/s") })
    screen.press("r")
    #expect(screen.names == names)
    screen.press("ssssss")
    #expect(screen.names == names, "by round trip, longest first")
    screen.press("s")
    #expect(screen.names == names, "in the order in which they came")
  }

  @Test func aFilterKeepsLinesThatHaveIt() {
    var screen = TopScreen(Readings(queuePairs: 12))
    screen.press("/0.11>q")
    screen.press(.backspace)
    #expect(screen.names == [Readings().name(11)])
    #expect(!screen.isDone)
    screen.press(.enter)
    #expect(screen.texts().last?.hasPrefix("[/0.11>] q quit") == true)
    screen.press(.escape)
    #expect(screen.names.count == 12)
  }

  @Test func aFilterThatNothingHasSaysSo() {
    var screen = TopScreen(Readings())
    screen.press("/nosuch")
    #expect(screen.texts().contains { $0.hasPrefix("nothing here has 'nosuch' in its name") })
  }

  @Test func theTableScrollsWithTheChosenLine() {
    var screen = TopScreen(Readings(queuePairs: 100))
    screen.press(.tab)
    _ = screen.texts()
    screen.press(.end)
    #expect(screen.selected() == [Readings().name(99)])
    screen.press(.up)
    #expect(screen.selected() == [Readings().name(98)])
    screen.press(.pageUp)
    #expect(screen.selected().count == 1)
    screen.press(.home)
    #expect(screen.selected() == [Readings().name(0)])
  }

  @Test func enterLooksIntoAQueuePair() {
    var screen = TopScreen(Readings())
    screen.press(.down)
    screen.press(.enter)
    #expect(screen.wantedQueuePair == Readings().name(1))
    #expect(screen.texts()[2].hasPrefix("\(Readings().name(1)): asked for"))

    screen.take(detail: TopReading.QueuePair(Readings().pair(1, 7)))

    let table = screen.frame?.detailTable.rows.map { $0.map(\.text) } ?? []
    #expect(table.contains { $0.prefix(2) == ["bytes", "1,750,000"] })
    #expect(table.contains { $0.prefix(2) == ["opcode RC_WRITE_FIRST", "2,800"] })
    #expect(screen.texts()[2].hasPrefix(Readings().name(1)))
    screen.press(.escape)
    #expect(screen.wantedQueuePair == nil)
  }

  @Test func aPausedScreenStands() {
    var screen = TopScreen(Readings())
    screen.press("p")
    let before = screen.texts()
    screen.take(Readings(queuePairs: 9).reading(at: 9))
    #expect(screen.texts() == before)
    #expect(before[0].hasSuffix("PAUSED"))
    screen.press("p")
    screen.take(Readings(queuePairs: 9).reading(at: 11))
    #expect(screen.names.count == 9)
  }

  @Test func aFileWithoutTelemetrySaysWhyThereAreNoQueuePairs() {
    var readings = Readings()
    readings.isWithTelemetry = false
    var screen = TopScreen(readings)
    screen.press(.tab)
    #expect(screen.texts().contains { $0.hasPrefix("the pipeline file has no stage roce-telem") })
  }

  @Test func printedOnceHasEveryTableThatHasRows() {
    var screen = TopScreen(Readings())
    let lines = screen.printed(width: 100)
    let sections = lines.filter { $0.hasSuffix(":") }
    #expect(sections == ["QUEUE PAIRS:", "STAGES:", "QUEUES:", "PORTS:", "EVENTS:"])
    #expect(lines.contains { $0.hasPrefix("incast") && $0.contains("senders 16") })
    #expect(lines.contains { $0.hasPrefix("ingress/egress: most bytes") && $0.contains("4,096") })
    #expect(lines.allSatisfy { $0.count <= 100 && $0.last != " " })
  }

  @Test(arguments: [
    ([0x1B, 0x5B, 0x41], [Key.up]), ([0x1B, 0x4F, 0x42], [.down]), ([0x1B], [.escape]),
    ([0x1B, 0x5B, 0x35, 0x7E, 0x71], [.pageUp, .character("q")]), ([0x0D, 0x09], [.enter, .tab]),
    ([0x1B, 0x5B, 0x31, 0x3B, 0x35, 0x43], [.right]), ([0x03, 0x1A], [.interrupt, .suspend]),
    ([0x7F, 0xC3, 0xBC, 0x1B, 0x5B], [.backspace]),
  ])
  func bytesOfATerminalAreKeys(bytes: [UInt8], keys: [Key]) {
    #expect(Key.keys(in: bytes) == keys)
  }
}
