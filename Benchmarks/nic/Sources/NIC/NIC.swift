// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Sluice

/// Sluice with one more stage, which makes traffic that no repeated capture has.
@main
struct NIC {
  static func main() {
    Sluice.main(registering: [StageType(MakeWrites.self)])
  }
}
