// SPDX-License-Identifier: BSD-3-Clause

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  let packet = FuzzedPacket(input: UnsafeRawBufferPointer(start: input, count: count))
  if let broken = PacketPromises.broken(by: packet) { fatalError(broken) }
  return 0
}
