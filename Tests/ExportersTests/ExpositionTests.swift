// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Telemetry
import Testing

@testable import Exporters

/// What Prometheus is told, as its own tools read it.
@Suite struct ExpositionTests {
  let folder = TemporaryFolder()

  func text(_ format: Exposition.Format, queuePairs: Int = 20) -> String {
    NICSnapshot.made(queuePairs: 3).exposition(format, queuePairs: queuePairs)
  }

  /// The samples that the reference of OpenMetrics reads in the text.
  static let read: [String] = {
    let folder = TemporaryFolder()
    folder.write(
      NICSnapshot.made(queuePairs: 3).exposition(.openMetrics, queuePairs: 20), to: "metrics.txt")
    let script = Place.package + "/Tests/ExportersTests/openmetrics.py"
    let run = Run.shell("/usr/bin/python3 '\(script)' < metrics.txt", in: folder)
    guard run.wait() == .status(0) else { return [run.errors] }
    return run.output.split(separator: "\n").map(String.init)
  }()

  static let hasReference =
    Run.shell(
      "/usr/bin/python3 -c 'import prometheus_client.openmetrics'", in: TemporaryFolder()
    ).wait() == .status(0)

  @Test(.enabled(if: Ability.has("promtool"), "needs promtool of Prometheus"))
  func promtoolHasNothingToComplainOf() {
    folder.write(text(.text), to: "metrics.txt")
    let run = Run.shell("promtool check metrics < metrics.txt", in: folder)
    #expect(run.wait() == .status(0))
    #expect(run.output + run.errors == "")
  }

  @Test(
    .enabled(if: hasReference, "needs python3-prometheus-client"),
    arguments: [
      #"gauge sluice_pipeline_file{file=Pipelines/telemetry.yaml} 1"#,
      "gauge sluice_uptime_seconds{} 12.5",
      "counter sluice_dropped_packets_total{reason=queue-full} 10",
      "counter sluice_port_received_bytes_total{port=wire} 6400",
      "counter sluice_port_missed_packets_total{port=wire} 3",
      "counter sluice_stage_dropped_packets_total{pipeline=ingress,stage=egress,kind=queue} 10",
      "gauge sluice_stage_cycles_per_packet{pipeline=ingress,stage=parse,kind=parse} 18.75",
      "gauge sluice_stage_figure{pipeline=ingress,stage=egress,figure=marked CE} 7",
      "counter sluice_roce_packets_total{} 60",
      "counter sluice_roce_round_trip_seconds_total{} 0.00012",
      "counter sluice_roce_opcode_packets_total{opcode=RC_WRITE_ONLY} 60",
      "gauge sluice_roce_queue_pairs{} 3",
      "gauge sluice_roce_distinct{what=queue pairs} 2.1",
      "gauge sluice_roce_memory_bytes{structure=histograms} 4096",
      "counter sluice_roce_events_total{event=go-back-n-storm} 2",
      "gauge sluice_roce_open_events{event=go-back-n-storm} 1",
      "gauge sluice_roce_open_events{event=incast} 0",
      "gauge sluice_roce_open_events{event=corruption} 0",
      "counter sluice_roce_queue_pair_bytes_total"
        + "{source=10.0.0.1,destination=10.0.1.1,queue_pair=0x1} 30000",
      "counter sluice_roce_queue_pair_round_trip_seconds_total"
        + "{source=10.0.0.3,destination=10.0.1.1,queue_pair=0x3} 4e-05",
    ])
  func openMetricsSayWhatTheSnapshotSays(sample: String) {
    #expect(Self.read.contains(sample), "\(Self.read.count < 10 ? Self.read : [])")
  }

  @Test func bothFormatsHaveTheSameSamples() {
    func samples(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }
    #expect(samples(text(.text)) == samples(text(.openMetrics)))
    #expect(text(.openMetrics).hasSuffix("\n# EOF\n"))
    #expect(!text(.text).contains("# EOF"))
  }

  @Test func everyMetricIsThereOnceWithItsMeaning() {
    let lines = text(.openMetrics).split(separator: "\n")
    for metric in Metric.allCases {
      let meaning = lines.filter {
        $0.hasPrefix("# HELP sluice_roce_") && $0.hasSuffix(metric.help)
      }
      #expect(!meaning.isEmpty, "\(metric)")
    }
    let families = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
    #expect(Set(families).count == families.count)
  }

  @Test(arguments: [0, 1, 2])
  func onlyTheLargestQueuePairsHaveSeriesOfTheirOwn(limit: Int) {
    let shown = text(.text, queuePairs: limit).split(separator: "\n")
      .filter { $0.hasPrefix("sluice_roce_queue_pair_bytes_total{") }
    #expect(shown.count == limit)
    #expect(shown.first?.contains(#"queue_pair="0x1""#) ?? (limit == 0))
  }

  @Test func aRunWithoutTelemetryTellsTheRest() {
    var snapshot = NICSnapshot.made()
    snapshot.telemetry = nil
    let text = snapshot.exposition(.text, queuePairs: 20)
    #expect(text.contains("sluice_port_sent_packets_total{port=\"host\"} 90\n"))
    #expect(!text.contains("sluice_roce_"))
  }

  /// Sizes are 5 of 64, 10 of about 1000, and 1 of 4096.
  @Test(arguments: [
    ("64.0", 5), ("128.0", 5), ("512.0", 5), ("1024.0", 15), ("2048.0", 15), ("4096.0", 16),
    ("8192.0", 16), ("1.073741824e+09", 16), ("+Inf", 16),
  ])
  func bucketsCountWhatIsAtMostAsLarge(limit: String, count: Int) {
    let line = "sluice_distribution_message_size_bytes_bucket{le=\"\(limit)\"} \(count)\n"
    #expect(text(.openMetrics).contains(line))
  }

  @Test func timesOfDistributionsAreSeconds() {
    let text = text(.text)
    let name = "sluice_distribution_round_trip_seconds"
    #expect(text.contains("\(name)_bucket{le=\"8.192e-06\"} 0\n"))
    #expect(text.contains("\(name)_bucket{le=\"1.6384e-05\"} 4\n"))
    #expect(text.contains("\(name)_sum 4e-05\n\(name)_count 4\n"))
  }

  @Test func labelsAreEscaped() {
    var snapshot = NICSnapshot.made()
    snapshot.drops = [.init(reason: "a\"b\\c\nd", packets: 1)]
    let text = snapshot.exposition(.text, queuePairs: 0)
    #expect(text.contains(#"{reason="a\"b\\c\nd"} 1"#))
  }

  @Test(arguments: [
    (0, "0.0"), (1, "1.0"), (0.25, "0.25"), (1.024e-06, "1.024e-06"), (0.000128, "0.000128"),
    (999_999, "999999.0"), (1_048_576, "1.048576e+06"), (1e6, "1e+06"),
    (2_000_000_000.5, "2.0000000005e+09"), (1e16, "1e+16"), (1.5e300, "1.5e+300"),
    (-4_194_304, "-4.194304e+06"),
  ])
  func numbersAreWrittenAsGoWritesThem(value: Double, text: String) {
    #expect(Exposition.number(value) == text)
  }

  @Test(arguments: [
    ("", false), ("*/*", false), ("text/plain", false),
    ("application/openmetrics-text", true),
    ("text/plain;q=0.5, application/openmetrics-text; version=1.0.0", true),
    ("application/openmetrics-text;q=0,text/plain", false),
    (
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
        + "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true
    ),
  ])
  func theRequestChoosesTheFormat(accept: String, isOpenMetrics: Bool) {
    #expect((Exposition.Format(accepting: accept) == .openMetrics) == isOpenMetrics)
  }
}

extension Metric {
  fileprivate var help: String { description.help.replacing("\"", with: "\\\"") }
}
