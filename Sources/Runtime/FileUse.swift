// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Settings

/// A file that a run reads or writes, and for whom.
struct FileUse {
  let path: String
  /// As in "written by port 'host'".
  let user: String
  let isWritten: Bool
  /// Where the file names it; nil for the command line.
  let location: SourceLocation?
  let identities: [FileIdentity]

  init(_ path: String, readBy user: String, at location: SourceLocation?) {
    (self.path, self.user, self.location, isWritten) = (path, user, location, false)
    identities = FileIdentity(path: path, isWritten: false).map { [$0] } ?? []
  }

  init(_ path: String, writtenBy user: String, at location: SourceLocation?) {
    (self.path, self.user, self.location, isWritten) = (path, user, location, true)
    identities = FileIdentity.written(path)
  }

  fileprivate var deed: String { isWritten ? "written by \(user)" : "read by \(user)" }
}

/// Two uses of one file that cannot both be: a capture would be lost.
struct FileConflict {
  let first: FileUse
  let second: FileUse

  /// All there are; of three writers of one file, each of the later ones conflicts with the first.
  static func all(among uses: [FileUse]) -> [FileConflict] {
    var readers: [FileIdentity: FileUse] = [:]
    var writers: [FileIdentity: FileUse] = [:]
    var conflicts: [FileConflict] = []
    for use in uses {
      let others = use.identities.map { writers[$0] ?? (use.isWritten ? readers[$0] : nil) }
      if let first = others.compactMap({ $0 }).first {
        conflicts.append(FileConflict(first: first, second: use))
      }
      for identity in use.identities {
        if use.isWritten {
          writers[identity] = writers[identity] ?? use
        } else {
          readers[identity] = readers[identity] ?? use
        }
      }
    }
    return conflicts
  }

  var message: String {
    if first.user == second.user, first.path == second.path, first.isWritten != second.isWritten {
      return "\(first.path) is both read and written by \(first.user)"
    }
    let spelling = first.path == second.path ? "" : ", as \(second.path),"
    return "\(first.path) is \(first.deed) and\(spelling) \(second.deed)"
  }

  var fix: String {
    let isPartial = [first, second].contains { $0.path.hasSuffix(".partial") }
    return "give each output a file of its own"
      + (isPartial ? "; it is called NAME.partial until it is whole" : "")
  }

  /// Points into the pipeline file where that names both; otherwise options are at fault.
  var diagnostic: Diagnostic? {
    guard let place = second.location, let other = first.location else { return nil }
    let note = first.user == second.user ? nil : Diagnostic.Note("\(first.deed) here", at: other)
    return Diagnostic(.error, at: place, message, fix: fix, note: note)
  }
}
