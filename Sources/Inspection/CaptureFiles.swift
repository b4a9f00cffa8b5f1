// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Wire

/// The captures of an inspection: one after the other, or merged by time.
final class CaptureFiles {
  /// What is known of one of them.
  struct File {
    let path: String
    var format: CaptureFormat?
    var linkType: LinkType?
    var snapLength = 0
    /// Records that hold no packet Sluice can read, by reason.
    var skipped: [String: UInt64] = [:]
    var problem: String?
  }

  private(set) var files: [File]
  private let host: InspectionHost
  private let beforeWaiting: () -> Void
  /// The file that is read, when they are read one after the other.
  private var reader: CaptureReader?
  private var current = -1
  private var merged: MergedCapture?
  /// By input of `merged`: its place in `files`.
  private var places: [Int] = []

  /// - Parameter beforeWaiting: called before a pipe is read, which may have to wait.
  init(
    _ paths: [String], merging: Bool, host: InspectionHost, beforeWaiting: @escaping () -> Void
  ) {
    files = paths.map { File(path: $0) }
    self.host = host
    self.beforeWaiting = beforeWaiting
    guard merging, paths.count > 1 else { return }
    var readers: [CaptureReader] = []
    for place in files.indices {
      guard let reader = open(place) else { continue }
      readers.append(reader)
      places.append(place)
    }
    merged = MergedCapture(readers)
  }

  /// Puts the next packets into `batch`; gives the place of their file, or nil at the end of all.
  func next(into batch: inout CaptureBatch) -> Int? {
    if let merged { return next(of: merged, into: &batch) }
    while true {
      if let reader, read(reader, into: &batch) { return current }
      guard !host.isStopped(), current + 1 < files.count else { return nil }
      current += 1
      reader = open(current)
    }
  }

  private func read(_ reader: CaptureReader, into batch: inout CaptureBatch) -> Bool {
    do throws(CaptureError) {
      if try reader.next(into: &batch) { return true }
    } catch {
      note(error, current)
    }
    files[current].skipped = reader.skippedRecords
    self.reader = nil
    return false
  }

  /// An input that is damaged ends; the others go on.
  private func next(of merged: MergedCapture, into batch: inout CaptureBatch) -> Int? {
    while true {
      do throws(CaptureError) {
        guard let (packet, input) = try merged.next() else { break }
        batch.hold(packet)
        return places[input]
      } catch {
        if host.isStopped() { break }
        let path = error.file == "standard input" ? "-" : error.file
        if let place = files.firstIndex(where: { $0.path == path }) { note(error, place) }
      }
    }
    for (reader, place) in zip(merged.inputs, places) {
      files[place].skipped = reader.skippedRecords
    }
    return nil
  }

  private func open(_ place: Int) -> CaptureReader? {
    do throws(CaptureError) {
      let reader = try CaptureReader(
        path: files[place].path, isStopped: host.isStopped, beforeWaiting: beforeWaiting)
      files[place].format = reader.format
      files[place].linkType = reader.linkType
      files[place].snapLength = reader.snapLength
      return reader
    } catch {
      note(error, place)
      return nil
    }
  }

  /// A read that a signal interrupted is no fault of the file.
  private func note(_ error: CaptureError, _ place: Int) {
    if !host.isStopped() { files[place].problem = "\(error)" }
  }
}
