// SPDX-License-Identifier: BSD-3-Clause
import CPcap

/// The library that capture files are read with.
public enum CaptureLibrary {
  /// libpcap's own name and version.
  public static var version: String { String(cString: pcap_lib_version()) }
}
