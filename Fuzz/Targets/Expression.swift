// SPDX-License-Identifier: BSD-3-Clause

nonisolated(unsafe) private let promises = ExpressionPromises()

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  let text = String(
    decoding: UnsafeRawBufferPointer(start: input, count: count), as: UTF8.self)
  if let broken = promises.broken(by: text) { fatalError(broken) }
  return 0
}
