// SPDX-License-Identifier: BSD-3-Clause
internal import CISAL
internal import Glibc

/// A library that computes CRC-32, looked for when the program runs.
struct Library {
  static let sizes = [4, 16, 48, 256, 1024, 4096]

  let name: String
  let crc: (UnsafeRawPointer, Int) -> UInt32

  static var all: [Library] { [isal, libdeflate, zlib, dpdk].compactMap { $0 } }

  private static var isal: Library? {
    Library(name: "ISA-L") { bytes, count in
      crc32_gzip_refl(1, bytes.assumingMemoryBound(to: UInt8.self), UInt64(count))
    }
  }

  private static var libdeflate: Library? {
    seeded("libdeflate", "libdeflate.so.0", "libdeflate_crc32")
  }

  private static var zlib: Library? { seeded("zlib", "libz.so.1", "crc32_z") }

  private static func seeded(_ name: String, _ file: String, _ function: String) -> Library? {
    typealias CRC = @convention(c) (UInt, UnsafeRawPointer, Int) -> UInt
    guard let symbol = symbol(file, function) else { return nil }
    let crc = unsafeBitCast(symbol, to: CRC.self)
    return Library(name: name) { UInt32(truncatingIfNeeded: crc(1, $0, $1)) }
  }

  /// DPDK's takes no seed, so it cannot go on from masked headers.
  private static var dpdk: Library? {
    typealias Limit = @convention(c) (UInt16) -> Int32
    typealias Choose = @convention(c) (Int32) -> Void
    typealias CRC = @convention(c) (UnsafeRawPointer, UInt32, Int32) -> UInt32
    guard let limit = symbol("librte_eal.so.23", "rte_vect_set_max_simd_bitwidth"),
      let choose = symbol("librte_net.so.23", "rte_net_crc_set_alg"),
      let calculate = symbol("librte_net.so.23", "rte_net_crc_calc")
    else { return nil }
    _ = unsafeBitCast(limit, to: Limit.self)(512)
    // RTE_NET_CRC_AVX512, then RTE_NET_CRC32_ETH.
    unsafeBitCast(choose, to: Choose.self)(3)
    let crc = unsafeBitCast(calculate, to: CRC.self)
    return Library(name: "rte_net_crc, no seed") { crc($0, UInt32($1), 1) }
  }

  private static func symbol(_ file: String, _ name: String) -> UnsafeMutableRawPointer? {
    guard let library = dlopen(file, RTLD_NOW) else { return nil }
    return dlsym(library, name)
  }
}
