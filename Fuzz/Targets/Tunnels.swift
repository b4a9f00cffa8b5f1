// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

nonisolated(unsafe) private let promises: TunnelPromises = {
  do {
    return try TunnelPromises { room in
      guard let pool = cdpdk_pool_create("tunnels", 511, 0, room, -1) else {
        fatalError("there is no memory for packets")
      }
      return pool
    }
  } catch {
    fatalError("\(error)")
  }
}()

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  let bytes = [UInt8](UnsafeRawBufferPointer(start: input, count: count))
  if let broken = promises.broken(by: bytes) { fatalError(broken) }
  return 0
}
