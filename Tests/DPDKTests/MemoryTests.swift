// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import DPDK

@Suite struct MemoryTests {
  let none = [Hugepages(kilobytes: 2048, total: 0, free: 0)]
  let few = [Hugepages(kilobytes: 2048, total: 100, free: 10)]

  @Test func withoutHugepagesMemoryIsOrdinary() throws {
    let memory = try Memory.choose(.automatic, need: nil, pages: none)
    #expect(memory.words == "ordinary memory: no hugepages are reserved")
    #expect(!memory.usesHugepages)
  }

  @Test func tooFewHugepagesAreCounted() throws {
    let memory = try Memory.choose(.automatic, need: MemoryNeed(megabytes: 64), pages: few)
    #expect(memory.words == "ordinary memory: 20 MB of hugepages are free, 64 MB are needed")
  }

  @Test func requiredHugepagesThatAreMissingAreAnError() {
    let error = #expect(throws: DPDKError.self) {
      try Memory.choose(.required, need: MemoryNeed(megabytes: 100), pages: none)
    }
    #expect(error?.cause == "no hugepages are reserved")
    #expect(error?.advice?.contains("sysctl vm.nr_hugepages=50") ?? false)
  }

  @Test func hugepagesAreNotUsedAgainstTheUsersWill() throws {
    let pages = [Hugepages(kilobytes: 2048, total: 4096, free: 4096)]
    #expect(try !Memory.choose(.never, need: nil, pages: pages).usesHugepages)
  }

  @Test func moreMemoryThanThereIsIsRefused() {
    let error = #expect(throws: DPDKError.self) {
      try Memory.choose(.automatic, need: MemoryNeed(megabytes: 1 << 24), pages: none)
    }
    #expect(error?.cause.hasPrefix("this machine has") ?? false)
  }

  @Test func tablesAreAmongTheHugepages() throws {
    let pages = [Hugepages(kilobytes: 2048, total: 100, free: 20)]
    let need = MemoryNeed(hugepages: 30, ordinary: 30, tables: 10 << 20 + 1)
    let memory = try Memory.choose(.automatic, need: need, pages: pages)
    #expect(memory.words == "ordinary memory: 40 MB of hugepages are free, 41 MB are needed")
    let error = #expect(throws: DPDKError.self) {
      try Memory.choose(.required, need: need, pages: pages)
    }
    #expect(error?.cause.hasSuffix("tables alone take 10485761 bytes") ?? false)
    #expect(error?.advice?.contains("vm.nr_hugepages=21") ?? false)
  }

  @Test func tablesThatTheMachineHasNoRoomForAreRefusedWithTheirSize() {
    let need = MemoryNeed(hugepages: 30, ordinary: 30, tables: 1 << 43)
    let error = #expect(throws: DPDKError.self) {
      try Memory.choose(.never, need: need, pages: none)
    }
    #expect(error?.cause.hasSuffix("tables alone take 8796093022208 bytes") ?? false)
    #expect(error?.advice?.contains("capacity:") ?? false)
  }

  @Test func needsAreAddedWithoutOverflow() {
    let most = MemoryNeed(hugepages: .max, ordinary: 1, tables: .max)
    let sum = most + MemoryNeed(hugepages: 1, ordinary: 1, tables: 1)
    #expect(sum == MemoryNeed(hugepages: .max, ordinary: 2, tables: .max))
    #expect(throws: DPDKError.self) { try sum.check() }
  }

  @Test func hugepagesAreAskedForWhatTheyNeed() throws {
    let need = MemoryNeed(hugepages: 21, ordinary: 30)
    let memory = try Memory.choose(.automatic, need: need, pages: few)
    #expect(memory.words == "ordinary memory: 20 MB of hugepages are free, 21 MB are needed")
  }

  /// A page of 4 KB holds one buffer of 2176 bytes, two of 1500, and a third of one of 9344.
  @Test(arguments: [
    (1024, 2176, MemoryNeed(hugepages: 4, ordinary: 6)),
    (1024, 1500, MemoryNeed(hugepages: 3, ordinary: 4)),
    (1024, 9344, MemoryNeed(hugepages: 11, ordinary: 14)),
    (Int.max, 2176, MemoryNeed(hugepages: .max, ordinary: .max)),
  ])
  func ordinaryPagesAreNotSharedByBuffers(packets: Int, room: Int, need: MemoryNeed) {
    #expect(PacketPool.memory(packets: packets, dataRoom: room) == need)
  }

  @Test func kernelsCountsAreRead() {
    let directory = TemporaryDirectory()
    directory.write("hugepages-2048kB/nr_hugepages", "8\n")
    directory.write("hugepages-2048kB/free_hugepages", "3\n")
    directory.write("hugepages-1048576kB/nr_hugepages", "1\n")
    directory.write("hugepages-1048576kB/free_hugepages", "1\n")
    directory.write("unrelated/nr_hugepages", "x\n")
    let pages = Hugepages.reserved(in: directory.path)
    #expect(pages.map(\.sizeText) == ["1 GB", "2 MB"])
    #expect(pages.map(\.freeMegabytes) == [1024, 6])
  }
}
