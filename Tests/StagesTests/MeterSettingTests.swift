// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct MeterSettingTests {
    /// What the stage says of these settings; nil when it can be built.
    func complaint(_ settings: [String: String]) throws -> SettingsError? {
      let type = try #require(StageRegistry.standard["meter"])
      var values = try SettingValues(
        type.description.settings, ["cir": "1Gbps", "cbs": "9KB"])
      for (name, text) in settings {
        let setting = try #require(type.description.settings.first { $0.name == name })
        values.give(try setting.kind.parse(text[...]), to: name, at: nil)
      }
      do {
        _ = try Stand(stage("meter", values), stage("send", ["port": "out"]))
        return nil
      } catch let error as StageBuildError {
        return error.error
      }
    }

    @Test(arguments: [
      [:], ["ebs": "9KB"], ["cbs": "0B", "ebs": "9KB"],
      ["type": "trtcm", "pir": "1Gbps", "pbs": "9KB"],
      ["type": "trtcm-rfc4115", "eir": "0bps", "ebs": "9KB"],
    ])
    func settingsOfOneTypeAreTaken(settings: [String: String]) throws {
      #expect(try complaint(settings)?.message == nil)
    }

    @Test(arguments: [
      (["cbs": "0B"], "cbs"), (["pir": "2Gbps"], "pir"), (["eir": "2Gbps"], "eir"),
      (["type": "trtcm"], "type"), (["type": "trtcm", "pir": "2Gbps"], "type"),
      (["type": "trtcm", "pir": "1Mbps", "pbs": "9KB"], "pir"),
      (["type": "trtcm", "pir": "2Gbps", "pbs": "0B"], "pbs"),
      (["type": "trtcm", "pir": "2Gbps", "pbs": "9KB", "cbs": "0B"], "cbs"),
      (["type": "trtcm", "pir": "2Gbps", "pbs": "9KB", "ebs": "9KB"], "ebs"),
      (["type": "trtcm-rfc4115", "eir": "1Gbps"], "type"),
      (["type": "trtcm-rfc4115", "eir": "1Gbps", "ebs": "9KB", "pbs": "9KB"], "pbs"),
    ])
    func theSettingThatDoesNotFitIsNamed(settings: [String: String], name: String) throws {
      #expect(try complaint(settings)?.setting == name)
    }
  }
}
