// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct SampleTests {
    func stand(
      every: Int, mode: String, seed: UInt64 = 1, worker: Int = 0
    ) throws -> Stand {
      let stages = try [
        stage("sample", ["every": "\(every)", "mode": mode]),
        stage("send", ["port": "tap"], when: "sampled"), stage("send", ["port": "out"]),
      ]
      return try Stand([PipelinePlan(name: "main", stages: stages)], seed: seed, worker: worker)
    }

    /// Packets that know their own number.
    func numbered(_ range: Range<Int>) -> [[UInt8]] {
      range.map { [UInt8](repeating: 0, count: 58) + big(UInt16($0)) }
    }

    func numbers(_ departures: [Departure]) -> [Int] {
      departures.map { Int($0.bytes[58]) << 8 | Int($0.bytes[59]) }
    }

    @Test(arguments: [1, 2, 10, 64, 100, 700])
    func everyNthPacketIsMarkedAcrossBursts(every: Int) throws {
      let stand = try stand(every: every, mode: "count")
      for burst in 0..<10 { try stand.run(numbered(burst * 64..<burst * 64 + 64)) }
      #expect(numbers(stand.sent("tap")) == (0..<640).filter { ($0 + 1) % every == 0 })
      #expect(stand.figure("sampled") == UInt64(640 / every))
      stand.checkBalance()
    }

    @Test func onlySelectedPacketsAreCounted() throws {
      let stand = try Stand(
        stage("sample", ["every": "2"], when: "packet.length > 70"),
        stage("send", ["port": "tap"], when: "sampled"), stage("send", ["port": "out"]))
      try stand.run((0..<8).map { [UInt8](repeating: 0, count: $0 % 2 == 0 ? 60 : 80 + $0) })
      #expect(stand.sent("tap").map(\.bytes.count) == [83, 87])
      stand.checkBalance()
    }

    @Test(arguments: [1, 4, 16])
    func randomShareIsAboutOneInSoMany(every: Int) throws {
      let stand = try stand(every: every, mode: "random")
      for _ in 0..<250 { try stand.run(numbered(0..<64)) }
      let share = Double(stand.sent("tap").count) * Double(every) / 16_000
      // Five standard deviations of 16,000 draws with a chance of one in sixteen.
      #expect((0.84...1.16).contains(share))
      #expect(every > 1 || share == 1)
      stand.checkBalance()
    }

    @Test func sameSeedMarksTheSamePackets() throws {
      let runs = try [(1, 0), (1, 0), (2, 0), (1, 1)].map { (seed: UInt64, worker: Int) in
        let stand = try stand(every: 3, mode: "random", seed: seed, worker: worker)
        try stand.run(numbered(0..<64))
        return numbers(stand.sent("tap"))
      }
      #expect(runs[0] == runs[1])
      #expect(runs[0] != runs[2])
      #expect(runs[0] != runs[3])
    }

    @Test func twoSamplesOfOneFileDrawApart() throws {
      let stand = try Stand(
        stage("sample", ["every": "2", "mode": "random"]),
        stage("send", ["port": "tap"], when: "sampled"),
        stage("sample", ["every": "2", "mode": "random"]),
        stage("send", ["port": "out"], when: "sampled"))
      for _ in 0..<10 { try stand.run(numbered(0..<64)) }
      #expect(stand.sent("tap").count > 200)
      #expect(stand.sent("out").count > 80)
      stand.checkBalance()
    }

    @Test func laterSampleReplacesTheMark() throws {
      let stand = try Stand(
        stage("sample", ["every": "1"]), stage("sample", ["every": "4"]),
        stage("send", ["port": "tap"], when: "sampled"), stage("send", ["port": "out"]))
      try stand.run(numbered(0..<8))
      #expect(numbers(stand.sent("tap")) == [3, 7])
      stand.checkBalance()
    }
  }
}
