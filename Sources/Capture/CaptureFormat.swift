// SPDX-License-Identifier: BSD-3-Clause

/// The two file formats that are read and written.
public enum CaptureFormat: String, Hashable, Sendable, CaseIterable {
  case pcap
  /// Keeps comments, several link types and times past the year 2106.
  case pcapng

  /// What the extension of `path` says, or nil when it says nothing known.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    switch path[dot...].dropFirst().lowercased() {
    case "pcap": self = .pcap
    case "pcapng", "ntar": self = .pcapng
    default: return nil
    }
  }
}
