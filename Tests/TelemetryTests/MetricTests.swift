// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@Suite struct MetricTests {
  @Test func everyMetricHasANameOfItsOwn() {
    #expect(Set(Metric.allCases.map(\.name)).count == Metric.count)
  }

  @Test func everyMetricSaysInOneSentenceWhatItIs() {
    for metric in Metric.allCases {
      let help = metric.description.help
      #expect(help.hasSuffix(".") && !help.dropLast().contains(". "), "\(metric)")
    }
  }

  @Test(arguments: Metric.allCases) func namesAreInSnakeCase(_ metric: Metric) {
    #expect(metric.name.allSatisfy { $0 == "_" || $0.isLowercase || $0.isNumber })
  }
}
