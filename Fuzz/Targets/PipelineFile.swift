// SPDX-License-Identifier: BSD-3-Clause

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeRawBufferPointer(start: input, count: count))
  // It would read whatever file of this machine the input names, and not come to the same twice.
  guard !isIncluding(bytes) else { return -1 }
  if let broken = PipelineFilePromises.broken(by: bytes) { fatalError(broken) }
  return 0
}

private let word = Array("include".utf8)

/// Quicker than a search by a collection's own method, which was an eighth of the time.
private func isIncluding(_ bytes: [UInt8]) -> Bool {
  bytes.indices.contains { bytes[$0] == word[0] && bytes[$0...].starts(with: word) }
}
