// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// A network driver of DPDK's: a shared object that DPDK loads when it starts.
public struct DriverFile: Sendable, Equatable {
  /// The driver's name, such as `net_mlx5`.
  public let name: String
  public let path: String

  /// The network drivers installed for this DPDK, by name.
  public static var present: [DriverFile] { present(in: String(cString: cdpdk_driver_directory())) }

  static func present(in directory: String) -> [DriverFile] {
    SystemFiles.names(in: directory).compactMap { file in
      let prefix = "librte_"
      guard file.hasPrefix(prefix + "net_"), file.hasSuffix(".so") else { return nil }
      return DriverFile(
        name: String(file.dropFirst(prefix.count).dropLast(3)), path: "\(directory)/\(file)")
    }
  }

  /// Some drivers are in the file of another.
  func provides(_ driver: String) -> Bool {
    name == driver || (name == "net_virtio" && driver == "net_virtio_user")
  }
}
