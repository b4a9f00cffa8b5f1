// SPDX-License-Identifier: BSD-3-Clause

import Testing

/// What fuzzers have found, and what they would have if it had not been thought of, once more.
struct FindingTests {
  let folder = TemporaryFolder()

  @Test(arguments: CaptureFinding.all)
  func filesGiveWhatIsBeforeTheirDamage(_ finding: CaptureFinding) {
    let path = folder.file(finding.file)
    #expect(CapturePromises(path: path, size: finding.file.count).broken() == nil)
    let reading = Reading(path)
    #expect(reading.packets.count == finding.packets)
    #expect(reading.error?.offset == finding.damage, "\(String(describing: reading.error))")
  }
}
