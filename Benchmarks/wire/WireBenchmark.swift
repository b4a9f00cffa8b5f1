// SPDX-License-Identifier: BSD-3-Clause

/// Prints what it costs to find a packet's headers, what a CRC-32 costs in each library, and what
/// an ICRC costs.
@main
struct WireBenchmark {
  let stopwatch = Stopwatch()

  static func main() {
    let benchmark = WireBenchmark()
    benchmark.printParsing()
    benchmark.printLibraries()
    benchmark.printICRC()
  }

  private func printParsing() {
    print("\nParsing, cycles a packet over bursts of 64: the least and the median")
    for frames in Frames.all {
      let (least, median) = frames.cost()
      printRow(frames.name, [rounded(least), rounded(median)])
    }
  }

  private func printLibraries() {
    print("\nCRC-32, cycles by bytes")
    printRow("", Library.sizes.map(String.init))
    for library in Library.all {
      let cycles = Library.sizes.map { size in
        stopwatch.least { library.crc($0, size) }
      }
      printRow(library.name, cycles.map(rounded))
    }
  }

  private func printICRC() {
    print("\nICRC of RoCEv2 over IPv4, cycles")
    let large = cost(payload: 4096)
    printRow("acknowledgement", [rounded(cost(payload: 4))])
    printRow("82-byte packet", [rounded(cost(payload: 24))])
    printRow("packet of 4096 bytes", [rounded(large), "\(rounded(4096 / large)) bytes/cycle"])
    let update = stopwatch.least { packet in
      let difference = packet.loadUnaligned(as: UInt64.self)
      return ICRC.updated(1, difference: difference, before: 1000 + Int(difference & 0xff))
    }
    printRow("8 bytes changed", [rounded(update)])
  }

  /// Of a packet with that many bytes behind its BTH.
  private func cost(payload: Int) -> Double {
    stopwatch.least { packet in
      var icrc = ICRC(ipv4: packet)
      icrc.add(packet + 40, count: payload)
      return icrc.value
    }
  }

  private func printRow(_ name: String, _ cells: [String]) {
    let padded = cells.map { String(repeating: " ", count: max(2, 8 - $0.count)) + $0 }
    print("  " + name + String(repeating: " ", count: max(0, 34 - name.count)) + padded.joined())
  }

  private func rounded(_ value: Double) -> String { "\(Int(value.rounded()))" }
}
