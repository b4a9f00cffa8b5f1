// SPDX-License-Identifier: BSD-3-Clause

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeRawBufferPointer(start: input, count: count))
  if let broken = QueuePromises.broken(by: bytes) { fatalError(broken) }
  return 0
}
