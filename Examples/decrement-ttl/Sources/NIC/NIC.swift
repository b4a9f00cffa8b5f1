// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Sluice

@main
struct NIC {
  static func main() {
    Sluice.main(registering: [StageType(DecrementTTL.self)])
  }
}
