// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Glibc

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ input: UnsafeRawPointer, _ count: Int) -> CInt {
  file.fill(UnsafeRawBufferPointer(start: input, count: count))
  let broken = CapturePromises(path: file.path, size: count).broken { packet in
    PacketPromises.broken(
      by: FuzzedPacket(
        packet.bytes, wireLength: Int(packet.originalLength), link: packet.linkType))
  }
  if let broken { fatalError(broken) }
  return 0
}

private let file = MemoryFile()

/// A file without a name, in memory, which can be opened by a path as long as the process runs.
private final class MemoryFile: Sendable {
  private let descriptor: Int32

  init() {
    var name = Array("/dev/shm/sluice-fuzz-XXXXXX".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { fatalError("there is no room in /dev/shm") }
    unlink(name)
  }

  var path: String { "/proc/self/fd/\(descriptor)" }

  func fill(_ bytes: UnsafeRawBufferPointer) {
    guard ftruncate(descriptor, 0) == 0,
      pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
    else { fatalError("the file in memory cannot be written") }
  }
}
