// SPDX-License-Identifier: BSD-3-Clause
import Sluice

@main
struct Entry {
  static func main() { Sluice.main() }
}
