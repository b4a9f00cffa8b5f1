// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Remembers what was found out about packets with the same headers.
struct LayerMemory<Found> {
  private var found: [Layers: Found] = [:]

  /// Captures have a dozen of combinations; one that was made to have more shall not take memory.
  private static var most: Int { 1024 }

  mutating func recall(_ layers: Layers, _ find: () -> Found) -> Found {
    if let known = found[layers] { return known }
    let new = find()
    if found.count >= Self.most { found.removeAll() }
    found[layers] = new
    return new
  }
}
