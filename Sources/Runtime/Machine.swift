// SPDX-License-Identifier: BSD-3-Clause
import Capture
import DPDK

/// What Sluice stands on, for `sluice version`.
public enum Machine {
  public static var dpdkVersion: String { EAL.version }
  public static var libpcapVersion: String { CaptureLibrary.version }
}
