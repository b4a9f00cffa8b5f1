// SPDX-License-Identifier: BSD-3-Clause
import Glibc

extension Run {
  /// Whether the process has read all that was written into a pipe, and sleeps until there is more.
  public func hasEmptied(_ pipe: Int32) -> Bool {
    var unread: Int32 = -1
    return ioctl(pipe, UInt(FIONREAD), &unread) == 0 && unread == 0 && isAsleep
  }

  /// The state follows the name, which is in parentheses and may hold any character (proc(5)).
  private var isAsleep: Bool {
    let status = Folder.text(of: "/proc/\(process)/stat")
    return status.split(separator: ")").last?.hasPrefix(" S") ?? false
  }
}
