// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

nonisolated(unsafe) private let promises: RulePromises = {
  guard let pool = cdpdk_pool_create("rules", 511, 0, 2176, -1) else {
    fatalError("there is no memory for packets")
  }
  var mutator = PacketMutator(seed: 7)
  var packets = PacketSamples.all.filter { $0.link == .ethernet }.map(\.bytes)
  packets += RDMASamples.all.filter { $0.link == .ethernet }.map(\.bytes)
  packets = Array(packets.prefix(52))
  while packets.count < 64 {
    let mutant = mutator.next()
    if mutant.link == .ethernet { packets.append(mutant.bytes) }
  }
  return RulePromises(pool: pool, packets: packets, folder: folder())
}()

/// A folder in memory; files in it are there only while they are read.
private func folder() -> String {
  var name = Array("/dev/shm/sluice-fuzz-XXXXXX".utf8CString)
  guard mkdtemp(&name) != nil else { fatalError("there is no room in /dev/shm") }
  let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  removed = strdup(path)
  atexit { if let removed { rmdir(removed) } }
  return path
}

nonisolated(unsafe) private var removed = strdup("")

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeRawBufferPointer(start: input, count: count))
  // It would read whatever file of this machine the input names, and not come to the same twice.
  guard !names("file", in: bytes) else { return -1 }
  if let broken = promises.broken(by: bytes) { fatalError(broken) }
  return 0
}

/// Quicker than a search by a collection's own method.
private func names(_ word: StaticString, in bytes: [UInt8]) -> Bool {
  let first = word.utf8Start.pointee
  let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
  return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: word) }
}
