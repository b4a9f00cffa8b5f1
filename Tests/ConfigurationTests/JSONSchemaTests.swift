// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Testing

@Suite struct JSONSchemaTests {
  @Test func theSchemaKnowsEveryStageAndSetting() {
    let text = JSONSchema.schema(for: .sample).text(pretty: true)
    for stage in FileCatalog.sample.stages {
      #expect(text.contains("\"stage-\(stage.name)\": {"))
      for setting in stage.settings { #expect(text.contains("\"\(setting.name)\": {")) }
    }
  }
}
