// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing

/// When two paths lead to one file.
struct FileIdentityTests {
  let folder = TemporaryFolder()

  func identity(_ name: String) -> FileIdentity? {
    FileIdentity(path: folder.place(name), isWritten: false)
  }

  @Test(arguments: ["a.pcap", "./a.pcap", "sub/../a.pcap", "symbolic.pcap", "hard.pcap"])
  func aFileIsTheSameByEveryName(name: String) {
    let path = folder.file([], "a.pcap")
    mkdir(folder.place("sub"), 0o755)
    symlink("a.pcap", folder.place("symbolic.pcap"))
    link(path, folder.place("hard.pcap"))
    #expect(identity(name) == identity("a.pcap"))
    #expect(identity(name) != nil)
  }

  @Test(arguments: ["./new.pcap", "sub/../new.pcap", "loop/new.pcap"])
  func aFileThatIsNotThereIsTheSameByEveryName(name: String) {
    mkdir(folder.place("sub"), 0o755)
    symlink(".", folder.place("loop"))
    #expect(identity(name) == identity("new.pcap"))
    #expect(identity(name) != nil)
  }

  @Test func filesOfOneNameInTwoFoldersDiffer() {
    for name in ["a", "b"] { mkdir(folder.place(name), 0o755) }
    #expect(identity("a/x.pcap") != identity("b/x.pcap"))
    #expect(identity("none/x.pcap") != identity("a/x.pcap"))
  }

  @Test func aDeviceKeepsNothing() {
    #expect(FileIdentity(path: "/dev/null", isWritten: true) == nil)
    #expect(FileIdentity.written("/dev/null") == [])
  }

  @Test func writingTouchesThePartialFileToo() {
    let partial = folder.file([1], "a.pcap.partial")
    let touched = FileIdentity.written(folder.place("./a.pcap"))
    #expect(touched.count == 2)
    #expect(touched.contains { $0 == FileIdentity(path: partial, isWritten: false) })
  }
}
