// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Synchronization
import Testing

@testable import DPDK

extension Running {
  @Suite struct EALTests {
    @Test func startLeavesTheControlThreadWhereItWas() throws {
      let before = Cores.available
      _ = try Environment.eal
      #expect(Cores.available == before)
    }

    @Test func memoryIsSaidInWords() throws {
      #expect(try Environment.eal.memory == "ordinary memory, as asked")
    }

    @Test func secondStartIsRefused() throws {
      _ = try Environment.eal
      let error = #expect(throws: DPDKError.self) { try EAL.start(EALOptions()) }
      #expect(error?.cause == "it has been started before in this process")
    }

    @Test func nothingIsLeftInTheFileSystem() throws {
      _ = try Environment.eal
      let runtime = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? "/run/user/\(getuid())"
      for directory in ["/run/dpdk", "/tmp/dpdk", runtime + "/dpdk"] {
        let own = SystemFiles.names(in: directory).filter { $0.contains("\(getpid())") }
        #expect(own.isEmpty)
      }
    }

    @Test func environmentVariableIsPutBack() throws {
      _ = try Environment.eal
      #expect(getenv("RUNTIME_DIRECTORY").map { String(cString: $0) } != "/dev/null")
    }

    @Test func workersRunOnTheirCores() throws {
      for worker in try Environment.eal.workers {
        try worker.launch { Seen.report(Cores.available) }
        worker.wait()
        #expect(Seen.cores == [worker.core])
      }
    }

    @Test func busyWorkerRefusesMoreWork() throws {
      let worker = try #require(try Environment.eal.workers.first)
      Seen.stop.store(false, ordering: .relaxed)
      try worker.launch { while !Seen.stop.load(ordering: .relaxed) { usleep(1000) } }
      let error = #expect(throws: DPDKError.self) { try worker.launch {} }
      Seen.stop.store(true, ordering: .relaxed)
      worker.wait()
      #expect(error?.operation == "run worker 0 on core \(worker.core)")
    }

    @Test func workersTakeNoSignalsMeantForTheProcess() throws {
      let worker = try #require(try Environment.eal.workers.first)
      try worker.launch {
        var mask = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &mask)
        Seen.stop.store(sigismember(&mask, SIGINT) == 1, ordering: .relaxed)
      }
      worker.wait()
      let isHeld = Seen.stop.load(ordering: .relaxed)
      #expect(isHeld)
    }
  }

  /// What workers tell the tests.
  enum Seen {
    private static let reported = Mutex<[Int]>([])
    static let stop = Atomic<Bool>(false)

    static func report(_ cores: [Int]) { reported.withLock { $0 = cores } }

    static var cores: [Int] { reported.withLock { $0 } }
  }
}

@Suite struct EALOptionsTests {
  let ordinary = Memory(usesHugepages: false, words: "")
  let hugepages = Memory(usesHugepages: true, words: "")

  @Test func mainLcoreFloatsAndWorkersArePinned() {
    let arguments = EALOptions(workerCores: [1, 1, 3]).arguments(
      memory: ordinary, mainCores: [0, 1, 3], process: 7)
    #expect(arguments.contains("--lcores=0@(0,1,3),1@1,2@1,3@3"))
  }

  @Test func prefixIsUniqueToTheProcess() {
    let arguments = EALOptions().arguments(memory: ordinary, mainCores: [0], process: 7)
    #expect(arguments.contains("--file-prefix=sluice-7"))
  }

  @Test func hugepagesAndOrdinaryMemoryExcludeEachOther() {
    let with = EALOptions().arguments(memory: hugepages, mainCores: [0], process: 7)
    let without = EALOptions().arguments(memory: ordinary, mainCores: [0], process: 7)
    #expect(with.contains("--in-memory") && !with.contains("--no-huge"))
    #expect(without.contains("--no-huge") && !without.contains("--in-memory"))
  }

  @Test func onlyAllowedCardsAreProbed() {
    var options = EALOptions()
    options.pci = .only(["0000:3b:00.0"])
    let arguments = options.arguments(memory: ordinary, mainCores: [0], process: 7)
    #expect(arguments.suffix(2) == ["-a", "0000:3b:00.0"])
  }

  @Test func missingCoreIsNamedWithThoseThereAre() {
    let error = #expect(throws: DPDKError.self) {
      try EAL.start(EALOptions(workerCores: [1000]))
    }
    #expect(error?.operation == "use core 1000")
    #expect(error?.advice == "choose among the cores \(Cores.list(Cores.available))")
  }

  @Test func cardThatIsNotThereIsNamedBeforeTheStart() {
    var options = EALOptions()
    options.pci = .only(["0000:fe:1f.7"])
    let error = #expect(throws: DPDKError.self) { try EAL.start(options) }
    #expect(error?.operation == "use PCI device 0000:fe:1f.7")
  }

  @Test(arguments: [0, -1, Int.max])
  func impossibleAmountsOfMemoryAreRefused(megabytes: Int) {
    var options = EALOptions()
    options.memory = MemoryNeed(megabytes: megabytes)
    #expect(throws: DPDKError.self) { try EAL.start(options) }
  }

  @Test func tooManyWorkersAreRefused() {
    let core = Cores.available.first ?? 0
    let error = #expect(throws: DPDKError.self) {
      try EAL.start(EALOptions(workerCores: Array(repeating: core, count: 128)))
    }
    #expect(error?.cause == "DPDK has 127 at most")
  }

  @Test(arguments: [
    ([0], "0"), ([0, 1, 2, 8], "0-2, 8"), ([5, 3, 4], "3-5"), ([], ""), ([0, 2, 4], "0, 2, 4"),
  ])
  func coresAreListedInRanges(cores: [Int], text: String) {
    #expect(Cores.list(cores) == text)
  }
}
