// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// A text file that grows by whole lines: what a full disk takes in part is taken away again.
final class LineFile {
  private let path: String
  private let file: Int32
  /// Of the whole lines; meaningless where the file is no regular one.
  private var size = 0
  private(set) var problem: String?

  /// Makes the file, or empties it.
  init(path: String) throws(ExporterError) {
    // A pipe that nobody reads is an error, not something to wait for.
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard file >= 0 else {
      throw ExporterError("cannot write \(path): " + String(cString: strerror(errno)))
    }
    self.path = path
    _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
  }

  deinit { close(file) }

  func append(_ text: String) {
    var text = text
    let error = text.withUTF8 { write(all: UnsafeRawBufferPointer($0)) }
    guard let error else { return }
    ftruncate(file, size)
    lseek(file, size, SEEK_SET)
    problem =
      "cannot write \(path): " + String(cString: strerror(error))
      + "; what it does not take is missing from it"
  }

  /// Says what is wrong with a file that is complete otherwise.
  func finish() {
    if fsync(file) != 0, errno != EINVAL, errno != EROFS {
      problem = "cannot write \(path): " + String(cString: strerror(errno))
    }
  }

  private func write(all bytes: UnsafeRawBufferPointer) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count > 0 {
        done += count
      } else if errno != EINTR {
        return errno
      }
    }
    size += done
    return nil
  }
}
